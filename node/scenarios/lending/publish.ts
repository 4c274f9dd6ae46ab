// The trained score goes on chain: its integers, held against it on rows that nobody has learnt from, and signed by the
// validators, each of whom computes them again.
import { type CreditDeployment, modelsAbi, roundsAbi } from '@murmuration/contracts';
import {
  type CreditModel,
  type CreditSchema,
  checkRounding,
  classPlace,
  compare,
  creditModelOf,
  hexOf,
  plainLadder,
  readCreditModel,
  type ScoredRows,
  schemaOf,
  scoredRowsOf,
  shapeFor,
  type TrainedScore,
  tableOf,
} from '../../credit/index.ts';
import { classNames, type OwnData } from '../../learn/index.ts';
import { acceptModel, approveRecomputed, scoreMessage } from '../../lending/index.ts';
import { digestOf, encodeModel } from '../../protocol/index.ts';
import type { Member } from '../../roles/index.ts';
import type { EndedFederation } from '../scenario.ts';

/** Why a column that speaks of a protected attribute may decide. */
const protectedBy = { dependants: 'what a household needs each month; the law of this example allows it' };

/** A score in integers, and what it is judged on. */
export interface PublishedScore {
  readonly schema: CreditSchema;
  readonly score: CreditModel;
  /** Its file. */
  readonly text: string;
  readonly rows: ScoredRows;
  /** Validators who signed. */
  readonly signers: number;
}

/** Notes the validators' stake, which is held for a while after the task's end only. */
export async function noteStake(
  publisher: Member,
  credit: CreditDeployment,
  { task }: EndedFederation,
): Promise<void> {
  const { sender } = publisher;
  await sender.send({ address: credit.models, abi: modelsAbi, functionName: 'enrol', args: [task] });
}

/**
 * Publishes the score.
 *
 * @param tests are rows that nobody has learnt from.
 * @throws {CreditError} `model` where rounding costs too much; {Reverted} `QuorumMissing`, `NothingTrained` where the contract refuses.
 */
export async function publishScore(
  publisher: Member,
  credit: CreditDeployment,
  { ended, tests }: { readonly ended: EndedFederation; readonly tests: OwnData },
): Promise<PublishedScore> {
  const { description, statistics, model, chain, task, validators } = ended;
  const { deployment } = chain;
  const { client, sender } = publisher;
  const data = tableOf(description);
  const schema = schemaOf({ name: description.name, shape: shapeFor(description), data, protectedBy });
  const trained: TrainedScore = { description, statistics, parameters: model };
  const stage = { address: deployment.rounds, abi: roundsAbi, functionName: 'stageOf' } as const;
  const { concluded } = await client.readContract({ ...stage, args: [task] });
  const origin = {
    chainId: deployment.chainId,
    marketplace: deployment.marketplace,
    task: `${task}`,
    model: digestOf(encodeModel(model)),
    rounds: Number(concluded),
  };
  const names = classNames(data);
  const bad = names[1]!;
  const made = await creditModelOf(trained, { schema, bad, ladder: [...plainLadder], origin });
  const rows = scoredRowsOf(tests.examined!, { schema, bad: classPlace(names, bad) });
  checkRounding(compare(made.layers, made.quantised, { schema, rows }));
  const score = await readCreditModel(JSON.parse(made.text), schema);
  const handed = { score, bytes: new TextEncoder().encode(made.text) };
  const approvals = [];
  for (const { name, signer } of validators) {
    // Each has the final model by its digest, which the chain has, too.
    const called = { model: 'the published score', trained: 'the final model' };
    const own = { client, deployment, credit, signer, schema, trained, origin, names: called };
    approvals.push(await approveRecomputed(own, handed));
    ended.say(`${name} computes the integers again, and signs ${hexOf(made.digest).slice(0, 12)}…`);
  }
  await acceptModel({ sender, credit }, scoreMessage(handed), approvals);
  return { schema, score, text: made.text, rows, signers: approvals.length };
}
