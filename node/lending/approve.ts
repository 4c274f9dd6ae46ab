// What validators sign, and what they compute again before they do.
import { type CreditDeployment, scoreShapes } from '@murmuration/contracts';
import type { Hex, PublicClient } from 'viem';
import { type CreditModel, type CreditSchema, creditModelOf, type TrainedScore } from '../credit/index.ts';
import { NodeError } from '../errors.ts';
import { digestOf, type ScoreModelMessage, type Signer } from '../protocol/index.ts';
import { type Approval, approveModel, readFinalModel } from './models.ts';

/** A model in integers as it was handed over: read, and its bytes. */
export interface HandedModel {
  readonly score: CreditModel;
  readonly bytes: Uint8Array;
}

/** What is signed of a model. */
export const scoreMessage = ({ score: { file }, bytes }: HandedModel): ScoreModelMessage => ({
  digest: file.digest,
  task: BigInt(file.origin.task),
  source: file.origin.model as Hex,
  content: digestOf(bytes),
  schema: file.schema,
  shape: scoreShapes.indexOf(file.shape),
});

/** What a validator has of its own to compute a model again. */
export interface OwnWork {
  readonly client: PublicClient;
  /** Of the deployment whose task it is. */
  readonly deployment: { readonly rounds: `0x${string}`; readonly chainId: number };
  readonly credit: CreditDeployment;
  readonly signer: Signer;
  readonly schema: CreditSchema;
  /** The trained model as the validator computed it from the chain, and where that says it comes from. */
  readonly trained: TrainedScore;
  readonly origin: CreditModel['file']['origin'];
  /** What the two models are called in faults. */
  readonly names: { readonly model: string; readonly trained: string };
}

/**
 * Signs a model that is the trained one in integers, and the one that the chain ends with.
 *
 * @throws {NodeError} `input` where it is not; nothing is signed then.
 */
export async function approveRecomputed(own: OwnWork, handed: HandedModel): Promise<Approval> {
  const { schema, trained, origin, names, client, deployment, credit, signer } = own;
  const { bad, ladder } = handed.score.file;
  // A false origin gives other bytes.
  const { text } = await creditModelOf(trained, { schema, bad, ladder, origin });
  if (Buffer.compare(Buffer.from(text), handed.bytes) !== 0)
    throw new NodeError('input', `${names.model} is not what ${names.trained} becomes in integers`, {
      mend: 'Do not sign it. Who made it used another trained model, another schema, or other rules.',
    });
  const message = scoreMessage(handed);
  const last = await readFinalModel(client, deployment, message.task);
  if (last !== message.source)
    throw new NodeError(
      'input',
      `task ${message.task} has model ${last} on chain, but ${names.trained} is ${message.source}`,
      { mend: 'Save the model of the ended task with `murmur model save`.' },
    );
  return approveModel({ signer, credit, chainId: deployment.chainId }, message);
}
