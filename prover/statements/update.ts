// Statement `update`: the vector inside a commitment is in range, short enough, and the one that the sponge
// binds.
import type { ChunkVector } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import type { Preset } from '../presets.ts';
import type { Statement } from './statement.ts';
import { squaredNorm, vectorInputs } from './vector.ts';

/** What `update` says of a chunk; h, gamma and y in [0, r). */
export interface UpdateClaim {
  /** The sponge. */
  readonly h: bigint;
  /** The challenge. */
  readonly gamma: bigint;
  /** f(gamma). */
  readonly y: bigint;
  /** The squared norm of the chunk is at most this: in (0, K * 4^(b-1)]. */
  readonly normBound: bigint;
}

/** The statement about a chunk of an update, or of a probe; the secret is its vector. */
export const update: Statement<UpdateClaim, ChunkVector> = {
  circuit: 'update',
  signals(preset, { h, gamma, y, normBound }) {
    checkNormBound(preset, normBound);
    return { h, gamma, y, normBound };
  },
  secretInputs(preset, { normBound }, vector) {
    const norm = squaredNorm(vector.coordinates);
    if (norm > normBound) {
      throw new ProverError('statement', `the squared norm is ${norm}, but the bound is ${normBound}`, {
        mend: 'Clip the update, or quantise it more coarsely.',
      });
    }
    return vectorInputs('update', preset, vector);
  },
};

/** Returns the bound; throws an `argument` for one that no contract accepts, outside (0, K * 4^(b-1)]. */
export function checkNormBound(preset: Preset, normBound: bigint): bigint {
  if (typeof normBound !== 'bigint' || normBound <= 0n || normBound > preset.maxNormBound) {
    throw new ProverError(
      'argument',
      `normBound is ${normBound}, but for ${preset.name} it lies in (0, ${preset.maxNormBound}]`,
    );
  }
  return normBound;
}
