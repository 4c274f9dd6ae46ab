// Where a task's model comes from: every accepted round computed again from what is public, and held against the chain.
import type { Hex } from 'viem';
import type { Outcome, RoundEntry } from '../chain/journal.ts';
import { type ChunkSum, decodeSum, sumBytes } from '../federation/index.ts';
import { presets } from '../rules/index.ts';
import { loadModel, type OnlookerContext, proposedModel } from './public_round.ts';

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
 * The model after the last closed round. `chain` must be fresh.
 * @throws Error where the rounds do not join, or a round's proven sum does not give the model that the chain names.
 */
export async function traceModel(context: OnlookerContext, first: Hex): Promise<Lineage> {
  const steps: LineageStep[] = [];
  let digest = first;
  for (const entry of context.chain.journal.rounds) {
    if (entry.modelAfter === undefined) break;
    const place = `task ${context.chain.task}, round ${entry.number}`;
    if (entry.model !== digest)
      throw new Error(`${place}: it starts from model ${entry.model}, the one before ended with ${digest}`);
    const made =
      entry.outcome === 'accepted'
        ? (await proposedModel(context, { proven: (of) => sumFiles(context, of) }, entry)).digest
        : digest;
    if (made !== entry.modelAfter)
      throw new Error(`${place}: its sum gives model ${made}, the validators accepted ${entry.modelAfter}`);
    digest = made;
    const { number: round, outcome, tally } = entry;
    steps.push({ round, outcome, model: digest, quality: tally?.quality });
  }
  return { model: await loadModel(context, digest), digest, first, steps };
}

/** The files of a round's sum, as its prover named them. That they hold the sum shows in the model that they give. */
async function sumFiles({ store, description }: OnlookerContext, entry: RoundEntry): Promise<ChunkSum[]> {
  const size = presets[description.preset].lanes;
  const sums: ChunkSum[] = [];
  for (const digest of entry.sums.update?.digests ?? [])
    sums.push(decodeSum(await store.get(digest, { maxBytes: sumBytes(size) }), size));
  return sums;
}
