// What anyone can compute of a round from the chain and the content store: its support, its sums, the model after it.
import type { Hex } from 'viem';
import type { RoundEntry } from '../../chain/journal.ts';
import type { Stage } from '../../chain/task_chain.ts';
import type { ChunkSum, SealedChunk } from '../../cryptography/index.ts';
import { coordinates } from '../../learn/index.ts';
import {
  applySum,
  decodeModel,
  decodeProposal,
  encodeModel,
  inRow,
  mergeProposals,
} from '../../protocol/index.ts';
import { keep, mayStillCome, StoreError } from '../../store/index.ts';
import { type LearnerContext, type RoleContext, reasonOf, step } from '../runtime/context.ts';

/** What anyone needs to look at a round. */
export type OnlookerContext = Pick<
  LearnerContext,
  'name' | 'chain' | 'store' | 'observe' | 'description' | 'network'
>;

/** The model that a digest names. */
export async function loadModel(context: OnlookerContext, digest: Hex): Promise<Float32Array> {
  const { network, store } = context;
  return decodeModel(await store.get(digest, { maxBytes: network.size * 4 }), network.size);
}

/**
 * The round's support: the merge of its proposals, which whoever has read them keeps for the others. One that cannot be read or
 * is malformed counts as not made; one that is not in the store yet makes this reject, since it may still come.
 */
export async function loadSupport(context: OnlookerContext, entry: RoundEntry): Promise<Uint32Array> {
  const { description, network, store } = context;
  const count = coordinates(description, network, entry.index);
  const proposals: Uint32Array[] = [];
  const { validators, trainers } = [...context.chain.journal.epochs.values()].at(-1)!;
  const seats = [...validators, ...trainers];
  const sorted = entry.proposals.toSorted((a, b) => seats.indexOf(a.proposer) - seats.indexOf(b.proposer));
  for (const { proposer, digest } of sorted) {
    try {
      proposals.push(decodeProposal(await keep(store, digest, { maxBytes: count * 4 }), count, network.size));
    } catch (error) {
      if (mayStillCome(error)) throw error;
      step(context, `passes over the proposal of ${proposer}: ${reasonOf(error)}`);
    }
  }
  return mergeProposals(proposals, count, network.size);
}

/**
 * The support to send an update or a probe on. Whoever cannot learn it in the first half of the Submit phase, since a proposal is
 * withheld, abstains on an empty one: a submission of zeros is right whatever the support is, and nobody who withholds a
 * proposal makes others miss the phase, which would cost them stake.
 */
export async function supportInTime(
  context: LearnerContext,
  entry: RoundEntry,
  stage: Stage,
): Promise<Uint32Array> {
  try {
    return await loadSupport(context, entry);
  } catch (error) {
    const { submitDuration } = await context.chain.terms();
    const left = Number(stage.deadline) - Date.now() / 1000;
    if (!(error instanceof StoreError) || left > submitDuration / 2) throw error;
    step(context, `abstains, since the support cannot be known: ${error.message}`);
    return new Uint32Array();
  }
}

/** Puts a round's own ciphertexts with their proofs into the store. */
export async function showContents(
  context: RoleContext,
  round: number,
  sealed: readonly SealedChunk[],
): Promise<void> {
  for (const { content } of sealed) await context.store.put(content);
  const bytes = sealed.reduce((total, { content }) => total + content.length, 0);
  context.observe({ type: 'content', account: context.chain.account, round, bytes });
}

/** The model that the updates' sum gives: `before` moved by it (docs/encodings.md). It is put into the store. */
export async function proposedModel(
  context: OnlookerContext,
  entry: RoundEntry,
  chunks: readonly ChunkSum[],
): Promise<{ before: Float32Array; next: Float32Array; digest: Hex }> {
  const { description, store } = context;
  const before = await loadModel(context, entry.model);
  const next = applySum(before, {
    support: await loadSupport(context, entry),
    sum: inRow(chunks.map(({ lanes }) => lanes)),
    weight: entry.submitted.update.reduce((total, { weight }) => total + weight, 0),
    scale: entry.scale,
    eta: description.aggregation.eta,
  });
  return { before, next, digest: await store.put(encodeModel(next)) };
}
