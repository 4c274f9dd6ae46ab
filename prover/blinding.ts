// Blinding: the random coefficients that follow the coordinates of a committed polynomial, `sum_k rho_k X^(K+k)`
// (docs/encodings.md; docs/proofs/blinding.md says why there are three).
import { type Blinding, blindingOf, fieldOrder } from '@murmuration/core';
import { randomBytes } from '@noble/curves/utils.js';
import { toField } from './field.ts';

/** Fresh blinding from the system's random number generator; uniform below r but for 2^-130. */
export function randomBlinding(): Blinding {
  return blindingOf(() => BigInt(`0x${Buffer.from(randomBytes(48)).toString('hex')}`) % fieldOrder);
}

/** `R = sum_i w_i rho_i` modulo r: the blinding of a weighted sum. Throws a RangeError unless each has a weight. */
export function combineBlindings(blindings: readonly Blinding[], weights: readonly number[]): Blinding {
  if (blindings.length !== weights.length) {
    throw new RangeError(
      `${blindings.length} blindings and ${weights.length} weights; give one weight for each`,
    );
  }
  return blindingOf((k) =>
    toField(blindings.reduce((sum, rho, i) => sum + BigInt(weights[i]!) * rho[k]!, 0n)),
  );
}
