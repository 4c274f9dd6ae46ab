// A round's references (docs/encodings.md, "References"): what a validator's vote names, and what a trainer proves its
// alignment against.
import type { He } from '@murmuration/he';
import type { G1Point, Prover, ReferenceChunk } from '@murmuration/prover';
import type { Hex } from 'viem';
import {
  type ClueSources,
  digestOfReferences,
  publicBasis,
  referenceChunks,
  referencesOf,
} from '../protocol/index.ts';

/** A round's references, one of each a chunk. */
export interface RoundReferences {
  readonly chunks: readonly ReferenceChunk[];
  readonly points: readonly G1Point[];
  /** What a vote names. */
  readonly digest: Hex;
}

/** What references are computed with. */
export interface ReferenceContext {
  readonly he: Pick<He, 'params'>;
  readonly prover: Pick<Prover, 'referencePoint'>;
  /** Chunks of a submission. */
  readonly chunks: number;
}

/**
 * The references of a round.
 * @param probes the groups' opened sums on the support, in the order of their numbers; undefined for one that does
 * not count.
 * @param sources the public history of all rounds before, and the round's support.
 */
export async function computeReferences(
  { he, prover, chunks: count }: ReferenceContext,
  probes: readonly (Int32Array | undefined)[],
  sources: ClueSources,
): Promise<RoundReferences> {
  const { coordinatesPerChunk } = he.params;
  const references = referencesOf(probes, publicBasis(sources), sources.support.length);
  const chunks = referenceChunks(references, { chunks: count, coordinatesPerChunk });
  const points: G1Point[] = [];
  for (const chunk of chunks) points.push(await prover.referencePoint(chunk));
  return { chunks, points, digest: digestOfReferences(points) };
}
