// A ciphertext on the wire: the weight it stands for and its residues, packed at their bit length.
//
//   header | weight (2) | c0 mod q0 | c0 mod q1 | c1 mod q0 | c1 mod q1
//
// The weight is 1 for a fresh encryption and the sum of the weights for a sum.

import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Ring, Row } from '../ring/ring.ts';
import { encodeMessage, headerBytes, MessageReader, packRows, u16 } from './message.ts';

/** What the arithmetic of this package works in. `ring` has the two data primes, then the special prime. */
export interface RingContext {
  readonly params: Parameters;
  readonly ring: Ring;
}

/** The primes of the key level: q0, q1 and P. */
export const keyPrimes = [0, 1, 2] as const;

/** A key to encrypt under. */
export interface PublicKey {
  /** 32 bytes that ciphertexts and proofs under it state. */
  readonly id: Uint8Array;
  /** b over the three primes, then a, in NTT form. */
  readonly publicKey: readonly Row[];
}

/** The prime of each row of a ciphertext. */
export const ciphertextPrimes = [0, 1, 0, 1] as const;

/** A ciphertext, read. */
export interface Ciphertext {
  /** From 1 to Wmax. */
  readonly weight: number;
  /** c0 mod q0, c0 mod q1, c1 mod q0, c1 mod q1; coefficient form. */
  readonly rows: readonly Row[];
}

/** Bytes of a ciphertext on the wire. */
export const ciphertextBytes = (params: Parameters): number => headerBytes + 2 + params.ciphertextBodyBytes;

/** @throws HeError `argument` unless `weight` is an integer from 1 to Wmax. */
export function checkWeight(params: Parameters, weight: number): number {
  ensure(
    Number.isInteger(weight) && weight >= 1 && weight <= params.maxWeight,
    'argument',
    () => `weight is ${weight}, but weights are integers whose sum is from 1 to Wmax = ${params.maxWeight}`,
  );
  return weight;
}

/** A ciphertext as bytes. */
export const encodeCiphertext = (
  { params, ring }: RingContext,
  groupId: Uint8Array,
  { weight, rows }: Ciphertext,
): Uint8Array<ArrayBuffer> =>
  encodeMessage('ciphertext', params, groupId, u16(weight), packRows(ring, rows, ciphertextPrimes));

/**
 * @throws HeError `wire` or `mismatch` unless `bytes` is a canonical ciphertext of these parameters and this
 *   key group.
 */
export function decodeCiphertext(
  { params, ring }: RingContext,
  groupId: Uint8Array,
  bytes: Uint8Array,
): Ciphertext {
  const reader = new MessageReader(bytes, { kind: 'ciphertext', params, bytes: ciphertextBytes(params) });
  reader.expectContext(groupId, 'key group');
  const weight = reader.u16();
  ensure(
    weight >= 1 && weight <= params.maxWeight,
    'wire',
    () => `the weight of a ciphertext is ${weight}, but it is from 1 to ${params.maxWeight}`,
  );
  const rows = reader.rows(ring, params.ringDegree, ciphertextPrimes);
  reader.end();
  return { weight, rows };
}
