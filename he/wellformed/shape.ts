// The sizes of an encryption proof, from the parameters and the number of ciphertexts that it is about.
// docs/proofs/encryption.md says what each is for; the letters are those of that page.

import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';

/**
 * r, monomial challenges in parallel: each leaves 1 in 2N, so that 2^-130 a hash is left at N = 4096 and
 * 2^-140 at N = 8192.
 */
export const repetitions = 10;

/** L, the most ciphertexts that one proof is about: the chunks of a submission. */
export const maxCiphertexts = 32;

/** Everything about a proof that is no secret and no response. */
export interface ProofShape {
  /** L, from 1 to 32. */
  readonly ciphertexts: number;
  /** Masks are uniform integers in (-2^(maskBits - 1), 2^(maskBits - 1)]; so many bits carry a response. */
  readonly maskBits: number;
  /** m: the cells of c1's equation are 2^m wide. */
  readonly cellBits: number;
  /** The cells of c0's equation are q0 2^upperBits wide, so that what is above has 32 bits. */
  readonly upperBits: number;
  /** M1: how far the responses' value of c1's equation lies from that of the masks, at most. */
  readonly shift1: number;
  /** M0: the same for c0's equation. */
  readonly shift0: bigint;
}

/**
 * @param ciphertexts from 1 to 32.
 * @throws HeError `parameter` where the parameters leave no room for cells of this size.
 */
export function proofShape(p: Parameters, ciphertexts: number): ProofShape {
  const [special, [q0, q1]] = [Number(p.specialPrime), p.primes];
  // |f| <= P / 2 + 21 a ciphertext, divided by P, and what flooring adds.
  const shift1 = Math.floor(1 + ciphertexts * (0.5 + 21 / special));
  // T (M1 + L / 2): the same for c0's part, times T, and the rest of rounding Q m / T, at most T / 2 a
  // ciphertext.
  const shift0 = (p.encodingModulus * BigInt(2 * shift1 + ciphertexts)) / 2n;
  const coefficients = repetitions * p.ringDegree;
  // Attempts are repeated exp(coefficients L / 2^(maskBits - 1) + 2 coefficients M1 / 2^m) times on
  // average: the first term is at most 2/3, the second at most 1/2.
  const maskBits = 1 + Math.ceil(Math.log2(1.5 * coefficients * ciphertexts));
  const cellBits = 1 + Math.ceil(Math.log2(2 * coefficients * shift1));
  const bitLength = (value: bigint) => value.toString(2).length;
  const upperBits = bitLength(q1) - 32;
  ensure(
    maskBits <= 31 && cellBits <= 31 && bitLength(q0) - cellBits <= 32 && upperBits >= 1 && 4n * shift0 < q0,
    'parameter',
    () =>
      `primes ${p.primes.join(', ')} at N = ${p.ringDegree}: no room for the cells of an encryption proof for ${ciphertexts} ciphertexts; take primes of 40 to 50 bits`,
  );
  return { ciphertexts, maskBits, cellBits, upperBits, shift1, shift0 };
}

/** Bytes of the responses on the wire: r N of them at maskBits each. */
export const responseBytes = (p: Parameters, { maskBits }: ProofShape): number =>
  (repetitions * p.ringDegree * maskBits) / 8;
