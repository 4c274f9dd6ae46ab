// Modular arithmetic on two residues at a time: integers in doubles, modulo a prime q < 2^50, with fused multiply-add.
//
// A product is taken apart as in Emmart, Zheng, Weems 2018, "Faster modular exponentiation using double precision floating point
// arithmetic on the GPU", section III: `high = a b` is rounded, `high - a b` by a fused operation is what it lacks, exactly. For k, the
// integer nearest to an estimate of a b / q, `high - k q` is a multiple of high's last bit and below 2^53 in size, so exact, and
// `(high - k q) - (high - a b)` is the remainder: that of -a b / q turned round. Rounding is an addition of 1.5 * 2^52, which is part of
// the fused operation that estimates: right for |a b / q| < 2^51.
//
// Bounds. With b and b / q rounded once, a b / q is estimated within 2^-53 |a b / q|, so the remainder has a size of at most
// q (1/2 + 2^-53 |a b / q|). Sums are not reduced: whoever adds says how large they may become.
import { type Code, f64, f64x2, i32, type NewLocal, type Variable, v128 } from '@murmuration/core/wasm';

/** Bytes of a pair. */
export const pair: Code = i32.const(16);

const magic = 1.5 * 2 ** 52;
/** A double of this size holds an integer below it in its lowest 52 bits. */
const exponent52 = 2 ** 52;

const bits = (value: number): bigint => new BigInt64Array(new Float64Array([value]).buffer)[0]!;
const both = (value: number): Code => v128.constant(bits(value), bits(value));

/** Arithmetic modulo a prime. */
export interface Modulus {
  readonly q: Code;
  readonly oneOverQ: Code;
  /** Comes first in a function: constants stay in locals, since V8 would make them again at each turn of a loop. */
  readonly prologue: readonly Code[];
  /** Residues in [0, q) as words, to doubles. */
  toDoubles(words: Code): Code;
  /** Doubles in [0, q), to words. */
  toWords(doubles: Code): Code;
  /** Numbers of size 16 q and below 2^53 to residues of size q (1/2 + 2^-49). `x` is evaluated twice. */
  reduced(x: Code): Code;
  /** Residues in [-q, q) to [0, q). */
  lift(x: Variable): Code;
  /** out = a b modulo q, of the size above, given b / q. `a` and `b` are evaluated thrice. */
  product(out: Variable, a: Code, b: Code, bOverQ: Code): Code[];
}

/** @param q a parameter, an i64. */
export function modulo(local: NewLocal, q: Variable): Modulus {
  const [prime, inverse, rounding, exponent] = [local('v128'), local('v128'), local('v128'), local('v128')];
  const [high, k] = [local('v128'), local('v128')];
  const double = f64.convert(q.get);
  const nearest = (x: Code, y: Code): Code => f64x2.sub(f64x2.relaxedMadd(x, y, rounding.get), rounding.get);
  return {
    q: prime.get,
    oneOverQ: inverse.get,
    prologue: [
      prime.set(f64x2.splat(double)),
      inverse.set(f64x2.splat(f64.div(f64.const(1), double))),
      rounding.set(both(magic)),
      exponent.set(both(exponent52)),
    ],
    toDoubles: (words) => f64x2.sub(v128.or(words, exponent.get), exponent.get),
    toWords: (doubles) => v128.xor(f64x2.add(doubles, exponent.get), exponent.get),
    reduced: (x) => f64x2.relaxedNmadd(nearest(x, inverse.get), prime.get, x),
    lift: (x) => x.set(f64x2.add(x.get, v128.and(f64x2.lt(x.get, both(0)), prime.get))),
    product: (out, a, b, bOverQ) => [
      high.set(f64x2.mul(a, b)),
      k.set(nearest(a, bOverQ)),
      out.set(f64x2.sub(f64x2.relaxedNmadd(k.get, prime.get, high.get), f64x2.relaxedNmadd(a, b, high.get))),
    ],
  };
}
