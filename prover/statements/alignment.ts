// Statement `alignment`: how far an update goes along the round's reference, and how long it is, without showing it.
import type { ChunkVector } from '@murmuration/core';
import { toField } from '../field.ts';
import { type Statement, StatementError } from './statement.ts';
import { innerProduct, squaredNorm, vectorInputs } from './vector.ts';

export interface AlignmentClaim {
  /** The sponge of the accepted update's chunk. */
  readonly hUpdate: bigint;
  /** The sponge of the same chunk of the sum of the probes. */
  readonly hReference: bigint;
  /** The inner product, signed. */
  readonly score: bigint;
  /** The update's squared norm. */
  readonly norm: bigint;
}

export interface AlignmentSecret {
  readonly update: ChunkVector;
  /** The sum of the probes: public after decryption, and so is its blinding. */
  readonly reference: ChunkVector;
}

/** What is checked where a score is read. */
const scoreLimit = 2n ** 63n;

/** The statement about a chunk of an update measured against the reference. */
export const alignment: Statement<AlignmentClaim, AlignmentSecret> = {
  circuit: 'alignment',
  signals(_, { hUpdate, hReference, score, norm }) {
    if (score <= -scoreLimit || score >= scoreLimit) {
      throw new RangeError(`score is ${score}, but its size is below 2^63; give it signed`);
    }
    return { hUpdate, hReference, score: toField(score), norm };
  },
  secretInputs(preset, claim, { update, reference }) {
    const { score, norm } = measure(update, reference);
    if (score !== claim.score || norm !== claim.norm) {
      throw new StatementError(
        `the update's score and norm are ${score} and ${norm}, but the claim says ${claim.score} and ${claim.norm}`,
      );
    }
    const referenceInputs = vectorInputs('aggregate', preset, reference);
    return {
      ...vectorInputs('update', preset, update),
      referenceLanes: referenceInputs.lanes,
      referenceRho: referenceInputs.rho,
    };
  },
};

/** Score and norm of an update against a reference, over one chunk. */
export function measure(update: ChunkVector, reference: ChunkVector): { score: bigint; norm: bigint } {
  return {
    score: innerProduct(update.coordinates, reference.coordinates),
    norm: squaredNorm(update.coordinates),
  };
}
