// Statement `aggregate`: the published weighted sum is the vector inside the sum of the commitments.
import type { ChunkVector } from '@murmuration/core';
import type { Statement } from './statement.ts';
import { vectorInputs } from './vector.ts';

/** What `aggregate` says of a chunk; each member in [0, r). */
export interface AggregateClaim {
  /** The sponge of the sum. */
  readonly h: bigint;
  /** The challenge of the sum. */
  readonly gamma: bigint;
  /** f(gamma) of the sum. */
  readonly y: bigint;
}

/** The statement about a chunk of the sum of the updates, or of the probes; the secret is the opened sum. */
export const aggregate: Statement<AggregateClaim, ChunkVector> = {
  circuit: 'aggregate',
  signals: (_, { h, gamma, y }) => ({ h, gamma, y }),
  secretInputs: (preset, _, vector) => vectorInputs('aggregate', preset, vector),
};
