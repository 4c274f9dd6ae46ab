// Modular arithmetic in the kernel: 64-bit residues modulo a prime q < 2^50.
//
// A product a * b mod q is `a * b - k q` in wrapping 64-bit arithmetic, k the nearest integer to an estimate of a * b / q in float64.
// For a, b < q < 2^50 at most three roundings of relative size 2^-53 leave the estimate within 3/8 of the real quotient, so the
// remainder lies in (-7/8 q, 7/8 q) and is corrected by one conditional addition without a branch. Rounding is an addition of
// 1.5 * 2^52: a number of that size has no bits behind the point, and its lowest 51 bits are k. A conversion to an integer would
// check its range and cost more than all of the rest.

import { type Code, f64, i32, i64, type Variable } from '@murmuration/core/wasm';

export const word = i32.const(8);
export const step = (pointer: Variable, by: Code = word) => pointer.set(i32.add(pointer.get, by));
export const endOf = (pointer: Variable, words: Code) => i32.add(pointer.get, i32.shl(words, i32.const(3)));

/** x in [-q, q) to [0, q). */
export const liftNegative = (x: Variable, q: Code) =>
  x.set(i64.add(x.get, i64.and(q, i64.sar(x.get, i64.const(63n)))));

const magic = 1.5 * 2 ** 52;
const magicBits = new BigInt64Array(new Float64Array([magic]).buffer)[0]!;

/** The nearest integer of a float64 below 2^51 in size. */
const nearest = (x: Code): Code =>
  i64.sub(i64.reinterpret(f64.add(x, f64.const(magic))), i64.const(magicBits));

/** out = a * b mod q, given b / q as a float64. `a` is evaluated twice. */
export const mulBy = (out: Variable, a: Code, b: Code, bOverQ: Code, q: Code): Code[] => [
  out.set(i64.sub(i64.mul(a, b), i64.mul(nearest(f64.mul(f64.convert(a), bOverQ)), q))),
  liftNegative(out, q),
];
