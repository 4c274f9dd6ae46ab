// Arithmetic modulo r that key generation needs: powers, inverses of many at once, roots of unity as snarkjs
// numbers them.
import { fieldOrder as R } from '@murmuration/core';
import { ProverError } from '../errors.ts';

/** `base^exponent mod r`. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base % R, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % R) {
    if (rest & 1n) result = (result * square) % R;
  }
  return result;
}

/** The inverses of all values (Montgomery's trick: one exponentiation). None may be 0. */
export function invertAll(values: readonly bigint[]): bigint[] {
  const prefix = new Array<bigint>(values.length);
  let product = 1n;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0n) throw new ProverError('argument', `values[${i}] is 0, but 0 has no inverse`);
    prefix[i] = product;
    product = (product * values[i]!) % R;
  }
  const inverses = new Array<bigint>(values.length);
  let inverse = power(product, R - 2n);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (prefix[i]! * inverse) % R;
    inverse = (inverse * values[i]!) % R;
  }
  return inverses;
}

const twoAdicity = 28n;
/** 5 is the least non-residue modulo r; ffjavascript derives its roots from it. */
const generator = power(5n, (R - 1n) >> twoAdicity);

/** The primitive root of unity of order `2^log2Order` that snarkjs uses. */
export function rootOfUnity(log2Order: number): bigint {
  if (!Number.isInteger(log2Order) || log2Order < 0 || BigInt(log2Order) > twoAdicity) {
    throw new ProverError(
      'argument',
      `the domain has 2^${log2Order} points, but the largest of this field has 2^28`,
    );
  }
  return power(generator, 1n << (twoAdicity - BigInt(log2Order)));
}

/**
 * `L_i(tau)` for the Lagrange basis over the coset `shift * w^i` of a domain of `2^log2Size` points:
 * `(tau^n - shift^n) / (n shift^n) * x_i / (tau - x_i)`. In closed form, `O(n)`.
 */
export function lagrangeAt(tau: bigint, log2Size: number, shift = 1n): bigint[] {
  const size = 2 ** log2Size;
  const root = rootOfUnity(log2Size);
  const points = new Array<bigint>(size);
  for (let i = 0, x = shift % R; i < size; i++, x = (x * root) % R) points[i] = x;
  const inverses = invertAll(points.map((x) => (tau - x + R) % R));
  const shiftPower = power(shift, BigInt(size));
  const vanishing = (power(tau, BigInt(size)) - shiftPower + R) % R;
  const scale = (vanishing * power((BigInt(size) * shiftPower) % R, R - 2n)) % R;
  return points.map((x, i) => (((x * scale) % R) * inverses[i]!) % R);
}
