// The quadratic arithmetic program of a circuit at the secret point (Groth 2016, section 3.2), as snarkjs
// lays it out: row c of the domain is constraint c; after the constraints comes one row `A = w_s, B = 0` for
// each public signal s and the constant, which keeps public signals from being shifted among one another; the
// domain is the next power of two.
import { fieldOrder as R } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { lagrangeAt, power, rootOfUnity } from './field.ts';
import type { R1cs } from './r1cs.ts';

/** `A_s(tau), B_s(tau), C_s(tau)` for each wire s. */
export interface QapAtPoint {
  readonly log2Domain: number;
  readonly a: bigint[];
  readonly b: bigint[];
  readonly c: bigint[];
}

/** The size of the domain, as a power of two. */
export function log2DomainOf(r1cs: Pick<R1cs, 'constraints' | 'publics'>): number {
  return Math.max(1, Math.ceil(Math.log2(r1cs.constraints + r1cs.publics + 1)));
}

/** Evaluates the program at tau; tau must not be a root of unity of twice the domain. */
export function evaluateQap(r1cs: R1cs, tau: bigint): QapAtPoint {
  const log2Domain = log2DomainOf(r1cs);
  if (power(tau, 2n ** BigInt(log2Domain + 1)) === 1n) {
    throw new ProverError('argument', 'tau lies in the evaluation domain', { mend: 'Choose another seed.' });
  }
  const basis = lagrangeAt(tau, log2Domain);
  const zeros = () => new Array<bigint>(r1cs.wires).fill(0n);
  const matrices = [zeros(), zeros(), zeros()] as const;
  r1cs.forEachTerm((matrix, constraint, wire, coefficient) => {
    const column = matrices[matrix];
    column[wire] = (column[wire]! + coefficient * basis[constraint]!) % R;
  });
  const [a, b, c] = matrices;
  for (let wire = 0; wire <= r1cs.publics; wire++) {
    a[wire] = (a[wire]! + basis[r1cs.constraints + wire]!) % R;
  }
  return { log2Domain, a, b, c };
}

/**
 * `L_{2i+1}(tau)` over the domain of twice the size: the factors by which snarkjs multiplies the values of
 * `A B - C` on the odd points. That polynomial is zero on the even points, so the odd ones alone give
 * `H(tau) Z(tau)`.
 */
export function oddLagrange(log2Domain: number, tau: bigint): bigint[] {
  const size = 2n ** BigInt(log2Domain);
  const shift = rootOfUnity(log2Domain + 1);
  // At an odd point, L over twice the domain is L over the coset times (tau^n - 1) / (shift^n - 1), and
  // shift^n = -1.
  const factor = ((power(tau, size) - 1n + R) * power(R - 2n, R - 2n)) % R;
  return lagrangeAt(tau, log2Domain, shift).map((value) => (value * factor) % R);
}
