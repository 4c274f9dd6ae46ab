// Blinding: the random coefficients that follow the coordinates of a committed polynomial, `sum_k rho_k
// X^(K+k)` (docs/encodings.md; docs/proofs/blinding.md says why there are three).
import { type Blinding, blindingOf, fieldOrder } from '@murmuration/core';
import { randomBytes } from '@noble/curves/utils.js';
import { ProverError } from './errors.ts';
import { toField } from './field.ts';

/**
 * Fresh blinding from the system's random number generator; uniform below r but for 2^-130. Called for every
 * chunk of every attempt: a blinding that is used twice confirms a guess of the update.
 */
export function randomBlinding(): Blinding {
  return blindingOf(randomElement);
}

/** A fresh element of the field from the system's random number generator; uniform but for 2^-130. */
export function randomElement(): bigint {
  return BigInt(`0x${Buffer.from(randomBytes(48)).toString('hex')}`) % fieldOrder;
}

/**
 * `R = sum_i w_i rho_i` modulo r: the blinding of a weighted sum.
 *
 * @param weights are integers, one for each blinding.
 * @throws {ProverError} `argument` for another number of weights.
 */
export function combineBlindings(blindings: readonly Blinding[], weights: readonly number[]): Blinding {
  if (blindings.length !== weights.length) {
    throw new ProverError(
      'argument',
      `weights has ${weights.length} entries, but there are ${blindings.length} blindings`,
    );
  }
  return blindingOf((k) =>
    toField(blindings.reduce((sum, rho, i) => sum + BigInt(weights[i]!) * rho[k]!, 0n)),
  );
}
