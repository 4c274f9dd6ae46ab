// The lineage of a task's model: every accepted round is computed again from public data, and held against
// the chain.
import type { Hex } from 'viem';
import type { Outcome, RoundEntry } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { updateSum } from '../../protocol/index.ts';
import type { OnlookerContext, RoleContext } from '../runtime/context.ts';
import { loadModel, proposedModel } from './next_model.ts';
import { SumReader } from './sums.ts';

/** What is needed to follow a task's models. */
export type LineageContext = OnlookerContext & Pick<RoleContext, 'he'>;

/** One closed round on the way. */
export interface LineageStep {
  readonly round: number;
  readonly outcome: Outcome;
  /** Digest of the model after it. */
  readonly model: Hex;
  /**
   * The validators' median accuracy of what the round proposed, in basis points; undefined without a vote.
   */
  readonly quality: number | undefined;
}

/** A task's models, from the planner's to the latest. */
export interface Lineage {
  readonly model: Float32Array;
  readonly digest: Hex;
  /** Digest of the model that the planner posted. */
  readonly first: Hex;
  readonly steps: readonly LineageStep[];
}

/**
 * Computes the model after the last closed round. `chain` must be fresh. The contract keeps no totals of
 * earlier rounds, so a sum is known to be the proven one by the model that it gives.
 * @param first digest of the model that the planner posted.
 * @throws NodeError `sum` where the rounds do not join, or a round's sum does not give the model that the
 * chain names.
 */
export async function traceModel(context: LineageContext, first: Hex): Promise<Lineage> {
  const { chain, description } = context;
  const sums = new SumReader(context, description.compression.chunks, async (entry) => async (sum) => {
    const { digest: made } = await proposedModel(context, entry, sum);
    if (made !== entry.modelAfter) throw wrongModel(chain.task, entry, made);
  });
  const steps: LineageStep[] = [];
  let digest = first;
  for (const entry of chain.journal.rounds) {
    const { number: round, outcome, tally, modelAfter } = entry;
    if (modelAfter === undefined) break;
    if (entry.model !== digest)
      throw new NodeError(
        'sum',
        `task ${chain.task}, round ${round}: it starts from model ${entry.model}, but the one before ` +
          `ended with ${digest}`,
      );
    if (outcome === 'accepted') await sums.proven(entry, updateSum);
    else if (modelAfter !== digest) throw wrongModel(chain.task, entry, digest);
    digest = modelAfter;
    steps.push({ round, outcome, model: digest, quality: tally?.quality });
  }
  return { model: await loadModel(context, digest), digest, first, steps };
}

const wrongModel = (task: bigint, { number, modelAfter }: RoundEntry, made: Hex): NodeError =>
  new NodeError(
    'sum',
    `task ${task}, round ${number}: its sum gives model ${made}, but the validators accepted ${modelAfter}`,
  );
