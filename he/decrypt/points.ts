// Interpolation through the members' points, 1 to n, modulo a prime: inverses are computed once, since many
// sets are tried.

import { inverse } from '../ring/primes.ts';

/** Coefficients of interpolation; members are counted from 0, and member j's point is j + 1. */
export interface PointTable {
  /** phi_A(j): the value at member j's point of the polynomial that is 1 at 0 and 0 at the points of `set`. */
  vanishing(set: readonly number[], j: number): bigint;
  /** By what the value at each member of `set` is multiplied to give the value at `point`, 0 or a member's. */
  lagrange(set: readonly number[], point: number): bigint[];
  /**
   * The check of a set of t + 1: values at its points lie on a polynomial of degree t - 1 if and only if,
   * multiplied by these, they add up to 0.
   */
  parity(set: readonly number[]): bigint[];
}

/** The table of a prime above `members`. */
export function pointTable(q: bigint, members: number): PointTable {
  const inverses = Array.from({ length: members + 1 }, (_, value) =>
    value ? inverse(BigInt(value), q) : 0n,
  );
  /** 1 / value for 0 < |value| <= members. */
  const over = (value: number) => (value > 0 ? inverses[value]! : q - inverses[-value]!);
  const residue = (value: number) => (value >= 0 ? BigInt(value) : q + BigInt(value));
  return {
    vanishing: (set, j) =>
      set.reduce((product, k) => (((product * residue(k - j)) % q) * over(k + 1)) % q, 1n),
    lagrange: (set, point) =>
      set.map((own) =>
        set.reduce(
          (product, k) =>
            k === own ? product : (((product * residue(point - k - 1)) % q) * over(own - k)) % q,
          1n,
        ),
      ),
    parity: (set) =>
      set.map((own) => set.reduce((product, k) => (k === own ? product : (product * over(own - k)) % q), 1n)),
  };
}
