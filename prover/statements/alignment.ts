// Statement `alignment`: how far an update goes along the round's reference, and how long it is, without
// showing it.
import type { ChunkVector } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { toField } from '../field.ts';
import type { Statement } from './statement.ts';
import { innerProduct, squaredNorm, vectorInputs } from './vector.ts';

/** What `alignment` says of a chunk; sponges and norm in [0, r). */
export interface AlignmentClaim {
  /** The sponge of the accepted update's chunk. */
  readonly hUpdate: bigint;
  /** The sponge of the same chunk of the sum of the probes. */
  readonly hReference: bigint;
  /** The inner product of update and reference, signed: |score| < 2^63. */
  readonly score: bigint;
  /** The update's squared norm. */
  readonly norm: bigint;
}

/** What `alignment` does not show. */
export interface AlignmentSecret {
  /** The chunk of the update, with the blinding that it was committed with. */
  readonly update: ChunkVector;
  /** The sum of the probes: public after decryption, and so is its blinding. */
  readonly reference: ChunkVector;
}

/** A score is checked to be below this where it is read. */
const scoreLimit = 2n ** 63n;

/** The statement about a chunk of an update measured against the reference. */
export const alignment: Statement<AlignmentClaim, AlignmentSecret> = {
  circuit: 'alignment',
  signals(_, { hUpdate, hReference, score, norm }) {
    if (score <= -scoreLimit || score >= scoreLimit) {
      throw new ProverError('argument', `score is ${score}, but its size is below 2^63`, {
        mend: 'Give it signed, not modulo r.',
      });
    }
    return { hUpdate, hReference, score: toField(score), norm };
  },
  secretInputs(preset, claim, { update, reference }) {
    const { score, norm } = measure(update, reference);
    if (score !== claim.score || norm !== claim.norm) {
      throw new ProverError(
        'statement',
        `the update's score and norm are ${score} and ${norm}, ` +
          `but the claim says ${claim.score} and ${claim.norm}`,
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

/**
 * Score `<u, p>` and norm `<u, u>` of an update against a reference, over one chunk: what a claim of {@link
 * alignment} says.
 *
 * @throws {ProverError} `argument` for chunks of different presets, or sums of 2^53 and more, which no
 * preset's ranges allow.
 */
export function measure(update: ChunkVector, reference: ChunkVector): { score: bigint; norm: bigint } {
  return {
    score: innerProduct(update.coordinates, reference.coordinates),
    norm: squaredNorm(update.coordinates),
  };
}
