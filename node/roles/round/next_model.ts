// A round's model and the model after it, as anyone computes them from the chain and the content store.
import type { ChunkVector } from '@murmuration/core';
import type { Hex } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { applySum, decodeModel, encodeModel, inRow } from '../../protocol/index.ts';
import type { OnlookerContext } from '../runtime/context.ts';
import { loadSupport } from './support.ts';

/** The model that a digest names. */
export async function loadModel(
  { layout, store }: Pick<OnlookerContext, 'layout' | 'store'>,
  digest: Hex,
): Promise<Float32Array> {
  return decodeModel(await store.get(digest, { maxBytes: layout.size * 4 }), layout.size);
}

/** The model of a round, before and after its sum. */
export interface ProposedModel {
  readonly before: Float32Array;
  readonly next: Float32Array;
  /** Of the next model, which is in the store. */
  readonly digest: Hex;
}

/** Moves the round's model by the updates' sum (docs/encodings.md, "Scale, and how a sum is applied"). */
export async function proposedModel(
  context: OnlookerContext,
  entry: RoundEntry,
  chunks: readonly ChunkVector[],
): Promise<ProposedModel> {
  const { description, store } = context;
  const before = await loadModel(context, entry.model);
  const next = applySum(before, {
    support: await loadSupport(context, entry),
    sum: inRow(chunks.map(({ coordinates }) => coordinates)),
    weight: entry.submitted.update.reduce((total, { weight }) => total + weight, 0),
    scale: entry.scale,
    eta: description.aggregation.eta,
  });
  return { before, next, digest: await store.put(encodeModel(next), 'model') };
}
