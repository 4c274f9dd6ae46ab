// Modular arithmetic in the kernel: 64-bit residues modulo a prime q < 2^50.
//
// A product a * b mod q is `a * b - floor(a * b / q) * q` in wrapping 64-bit arithmetic, with the quotient
// estimated in float64. For a, b < q < 2^50 at most three roundings of relative size 2^-53 leave the estimate
// within 1/2 of the real quotient, so its integer part is off by at most one, and the remainder, which lies
// in [-q, 2q), is corrected by two conditional additions without a branch.

import { type Code, f64, i32, i64, type Variable } from './assembler.ts';

export const word = i32.const(8);
export const step = (pointer: Variable, by: Code = word) => pointer.set(i32.add(pointer.get, by));
export const endOf = (pointer: Variable, words: Code) => i32.add(pointer.get, i32.shl(words, i32.const(3)));

/** x in [-q, q) to [0, q). */
export const liftNegative = (x: Variable, q: Code) =>
  x.set(i64.add(x.get, i64.and(q, i64.sar(x.get, i64.const(63n)))));

/** x in [-q, 2q) to [0, q). */
const correct = (x: Variable, q: Code): Code[] => [
  liftNegative(x, q),
  x.set(i64.sub(x.get, q)),
  liftNegative(x, q),
];

/** out = a * b mod q, given b / q as a float64. `a` is evaluated twice. */
export const mulBy = (out: Variable, a: Code, b: Code, bOverQ: Code, q: Code): Code[] => [
  out.set(i64.sub(i64.mul(a, b), i64.mul(i64.trunc(f64.mul(f64.convert(a), bOverQ)), q))),
  ...correct(out, q),
];
