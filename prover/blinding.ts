// Blinding: the random coefficients that follow the lanes of a committed polynomial, `sum_k rho_k X^(K+k)`
// (docs/encodings.md; docs/decisions.md counts why there are three).
import { randomBytes } from '@noble/curves/utils.js';
import { fieldOrder, toField } from './field.ts';

/** `rho`, each coefficient in [0, r); fresh for every chunk, round and attempt. */
export type Blinding = readonly [bigint, bigint, bigint];

/** Coefficients of a {@link Blinding}; `BLINDING_COEFFICIENTS()` of circuits/lib/blinding.circom is the same number. */
export const blindingCoefficients: Blinding['length'] = 3;

/** A blinding of what `coefficient` gives for each place. */
export function blindingOf(coefficient: (k: number) => bigint): Blinding {
  return Array.from({ length: blindingCoefficients }, (_, k) => coefficient(k)) as unknown as Blinding;
}

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
