// Where a task's model comes from: every accepted round computed again from what is public, and held against the chain.
import type { Hex } from 'viem';
import type { Outcome, RoundEntry } from '../../chain/journal.ts';
import type { RoleContext } from '../runtime/context.ts';
import { loadModel, type OnlookerContext, proposedModel } from './public_round.ts';
import { SumReader } from './sums.ts';

/** What is needed to follow a task's models. */
export type LineageContext = OnlookerContext & Pick<RoleContext, 'he'>;

/** One closed round on the way. */
export interface LineageStep {
  round: number;
  outcome: Outcome;
  /** Digest of the model after it. */
  model: Hex;
  /** The validators' median accuracy of what the round proposed, in basis points; undefined without a vote. */
  quality: number | undefined;
}

export interface Lineage {
  model: Float32Array;
  digest: Hex;
  /** Digest of the model that the planner posted. */
  first: Hex;
  steps: LineageStep[];
}

/**
 * The model after the last closed round. `chain` must be fresh. The contract keeps no totals of the rounds before: that a sum is
 * the one that was proven shows in the model that it gives.
 * @throws Error where the rounds do not join, or a round's sum does not give the model that the chain names.
 */
export async function traceModel(context: LineageContext, first: Hex): Promise<Lineage> {
  const { chain, description } = context;
  const sums = new SumReader(context, description.compression.chunks, async (entry) => async (sum) => {
    const { digest: made } = await proposedModel(context, entry, sum);
    if (made !== entry.modelAfter) throw wrongModel(context, entry, made);
  });
  const steps: LineageStep[] = [];
  let digest = first;
  for (const entry of chain.journal.rounds) {
    if (entry.modelAfter === undefined) break;
    if (entry.model !== digest)
      throw new Error(
        `${placeOf(context, entry)}: it starts from model ${entry.model}, the one before ended with ${digest}`,
      );
    if (entry.outcome === 'accepted') await sums.proven(entry, 'update');
    else if (entry.modelAfter !== digest) throw wrongModel(context, entry, digest);
    digest = entry.modelAfter;
    const { number: round, outcome, tally } = entry;
    steps.push({ round, outcome, model: digest, quality: tally?.quality });
  }
  return { model: await loadModel(context, digest), digest, first, steps };
}

const placeOf = ({ chain }: LineageContext, { number }: RoundEntry): string =>
  `task ${chain.task}, round ${number}`;

const wrongModel = (context: LineageContext, entry: RoundEntry, made: Hex): Error =>
  new Error(
    `${placeOf(context, entry)}: its sum gives model ${made}, the validators accepted ${entry.modelAfter}`,
  );
