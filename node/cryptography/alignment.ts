// A trainer's alignment on its way to the contract: which way its update went, measured against the round's
// references.
import type { ChunkVector } from '@murmuration/core';
import {
  alignment,
  alignmentSteps,
  type G1Point,
  type ProofWords,
  proofWords,
  type ReferenceChunk,
} from '@murmuration/prover';
import { NodeError } from '../errors.ts';
import type { ProvingContext } from './proving.ts';

/** A trainer's update and the round's references, one of each a chunk, and what names them on chain. */
export interface AlignmentOf {
  /** The sponges of the accepted update. */
  readonly hUpdate: readonly bigint[];
  /** The points that the round's vote named. */
  readonly points: readonly G1Point[];
  readonly update: readonly ChunkVector[];
  /** As this party computed them from the opened sums. */
  readonly references: readonly ReferenceChunk[];
}

/** One chunk of an alignment, as the contract takes it. */
export interface ProvenChunk {
  readonly out: bigint;
  readonly proof: ProofWords;
}

/**
 * Proves every chunk. The points are compared with the references first: against ones that others made up, the figures might tell
 * more of the update than coarse figures should.
 * @throws NodeError `sum` where a point is not that of the references.
 */
export async function proveAlignment(
  context: ProvingContext,
  { hUpdate, points, update, references }: AlignmentOf,
): Promise<ProvenChunk[]> {
  const { prover, onProof, signal } = context;
  for (const [chunk, own] of references.entries()) {
    const point = await prover.referencePoint(own);
    if (point.x === points[chunk]?.x && point.y === points[chunk]?.y) continue;
    throw new NodeError('sum', `chunk ${chunk}: the round's references are not those of the opened sums`, {
      mend: 'Nothing is proven against them: a majority of the validators is wrong, or this party is.',
    });
  }
  const steps = await alignmentSteps(prover.preset, { update, references }, { hUpdate, points });
  const proven: ProvenChunk[] = [];
  for (const { claim, secret } of steps) {
    const { proof, witnessMs, proveMs, engine } = await prover.prove(alignment, { claim, secret, signal });
    onProof(witnessMs + proveMs, engine);
    proven.push({ out: claim.out, proof: proofWords(proof) });
  }
  return proven;
}
