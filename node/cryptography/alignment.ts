// A trainer's alignment on its way to the contract: which way its update went, measured against the round's
// references.
import type { ProvenAlignment } from '@murmuration/contracts';
import type { ChunkVector } from '@murmuration/core';
import {
  alignment,
  alignmentSteps,
  type G1Point,
  proofWords,
  type ReferenceChunk,
} from '@murmuration/prover';
import { NodeError } from '../errors.ts';
import { type AlignmentInputs, digestOfReferences } from '../protocol/index.ts';
import { eachChunk, type ProvingContext, proveClaim } from './proving.ts';

/** A trainer's update and the round's references, one of each a chunk, and what names them on chain. */
export interface AlignmentOf {
  readonly inputs: AlignmentInputs;
  readonly update: readonly ChunkVector[];
  /** As this party computed them from the opened sums. */
  readonly references: readonly ReferenceChunk[];
  /** By which verifiers know these references. */
  readonly points: readonly G1Point[];
}

/**
 * Proves every chunk. What the vote named is compared with the references first: against ones that others made
 * up, the figures might tell more of the update than coarse figures should.
 * @throws NodeError `sum` where the vote named other references.
 */
export async function proveAlignment(
  context: ProvingContext,
  { inputs, update, references, points }: AlignmentOf,
): Promise<ProvenAlignment[]> {
  const { prover } = context;
  if (digestOfReferences(points) !== inputs.references)
    throw new NodeError('sum', 'the references that the vote named are not those of the opened sums', {
      mend: 'Nothing is proven against them: a majority of the validators is wrong, or this party is.',
    });
  const { hUpdate } = inputs;
  const steps = await alignmentSteps(prover.preset, { update, references }, { hUpdate, points });
  return eachChunk(context, steps, async (each, { claim, secret }) => {
    const proof = await proveClaim(each, alignment, { claim, secret });
    return { out: claim.out, proof: proofWords(proof) };
  });
}
