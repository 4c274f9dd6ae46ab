// Models in integers that validators answer for: what they sign, the acceptance, and what trained an accepted one.
import { type CreditDeployment, modelsAbi, roundsAbi } from '@murmuration/contracts';
import type { Address, Hex, PublicClient, TransactionReceipt } from 'viem';
import type { Sender } from '../chain/index.ts';
import { type ScoreModelMessage, type Signer, scoreModelData } from '../protocol/index.ts';

/** A validator's signature on a model. */
export interface Approval {
  readonly signer: Address;
  readonly signature: Hex;
}

/** A model as a task's validators accepted it, and what trained it. */
export interface AcceptedModel {
  readonly model: ScoreModelMessage;
  /** Seconds, chain time. */
  readonly acceptedAt: bigint;
  readonly task: bigint;
  /** Contract that has each round's lineage. */
  readonly rounds: Address;
  /** Digest of the task's description. */
  readonly metadata: Hex;
  /** Digests of the models before the first and after the last round. */
  readonly first: Hex;
  readonly last: Hex;
  readonly concluded: number;
  readonly trainers: readonly Address[];
  readonly validators: readonly Address[];
}

/** Digest of a task's final model, which a validator compares with what it computed the integers from. */
export function readFinalModel(
  client: PublicClient,
  { rounds: address }: { readonly rounds: Address },
  task: bigint,
): Promise<Hex> {
  return client.readContract({ address, abi: roundsAbi, functionName: 'modelOf', args: [task] });
}

/** A validator's word that the model in integers is the trained one's, by the stated rule. */
export async function approveModel(
  { signer, credit, chainId }: { signer: Signer; credit: CreditDeployment; chainId: number },
  model: ScoreModelMessage,
): Promise<Approval> {
  const signature = await signer.signTypedData(scoreModelData({ chainId, contract: credit.models }, model));
  return { signer: signer.address, signature };
}

/**
 * Puts an approved model on chain.
 * @throws Reverted where the contract refuses: `TaskNotEnded`, `StakeReleased`, `SourceDiffers`, `QuorumMissing`, ...
 */
export function acceptModel(
  { sender, credit }: { readonly sender: Sender; readonly credit: CreditDeployment },
  model: ScoreModelMessage,
  approvals: readonly Approval[],
): Promise<TransactionReceipt> {
  const ascending = [...approvals].sort((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1));
  const signers = ascending.map(({ signer }) => signer);
  const signatures = ascending.map(({ signature }) => signature);
  return sender.send({
    address: credit.models,
    abi: modelsAbi,
    functionName: 'accept',
    args: [model, signers, signatures],
  });
}

/**
 * Accepted models of a digest, each by another task's validators, first ones first. Anybody with a task of its own can claim
 * another's: whose it is, who computes it again finds out.
 */
export async function readAcceptedModels(
  client: PublicClient,
  credit: Pick<CreditDeployment, 'models'>,
  digest: bigint,
): Promise<AcceptedModel[]> {
  const about = { address: credit.models, abi: modelsAbi } as const;
  const tasks = await client.readContract({ ...about, functionName: 'tasksOf', args: [digest] });
  return Promise.all(
    tasks.map(async (task) => {
      const read = { ...about, args: [digest, task] } as const;
      const [[model, acceptedAt], training] = await Promise.all([
        client.readContract({ ...read, functionName: 'modelOf' }),
        client.readContract({ ...read, functionName: 'trainingOf' }),
      ]);
      return { ...training, model, acceptedAt, concluded: Number(training.concluded) };
    }),
  );
}
