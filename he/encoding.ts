// Chunks to plaintext coefficients and back: update coordinates in front, blinding limbs at the end.
//
// Coefficient j < K is u_j mod t. The last `limbCount` are rho_0, rho_1, ..., as 16 limbs of 16 bits each, least significant
// first. What lies between is zero. Sums of limbs do not wrap modulo t; they recombine modulo r.

import { ensure } from './errors.ts';
import { blindingCount, limbBits, limbCount, limbsEach, type Parameters } from './parameters.ts';

/** The order r of BN254's scalar field: blinding values and their sums are elements of it. */
export const blindingOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** `blindingCount` field elements below {@link blindingOrder}. */
export type Blinding = readonly [bigint, bigint, bigint];

/** A blinding of what `coefficient` gives for each place. */
export function blindingOf(coefficient: (which: number) => bigint): Blinding {
  return Array.from({ length: blindingCount }, (_, which) => coefficient(which)) as unknown as Blinding;
}

const fault = 'an addend was not encoded by the rules, or a share is wrong in few places (another set tells)';

/**
 * The N plaintext coefficients, in [0, t), of K coordinates and their blinding.
 * @throws HeError `argument` for a wrong length, a coordinate beyond +-(2^(b-1) - 1) or a blinding not in [0, r).
 */
export function encodeChunk(p: Parameters, coordinates: Int32Array, rho: Blinding): Uint32Array {
  ensure(
    coordinates.length === p.coordinates,
    'argument',
    () =>
      `coordinates: ${coordinates.length} of them, a chunk of '${p.name}' has K = ${p.coordinates}; pad with zeros`,
  );
  const most = 2 ** (p.coordinateBits - 1) - 1;
  const t = 2 ** p.plainBits;
  const plain = new Uint32Array(p.ringDegree);
  for (const [index, value] of coordinates.entries()) {
    ensure(
      Math.abs(value) <= most,
      'argument',
      () => `coordinates[${index}] = ${value}: |u| is at most ${most}; clip it when quantising`,
    );
    plain[index] = value < 0 ? value + t : value;
  }
  for (const [which, value] of rho.entries()) {
    ensure(
      value >= 0n && value < blindingOrder,
      'argument',
      () => `rho[${which}]: must be in [0, r), the scalar field of BN254`,
    );
    for (let limb = 0; limb < limbsEach; limb++)
      plain[p.ringDegree - limbCount + which * limbsEach + limb] = Number(
        (value >> BigInt(limbBits * limb)) & 0xffffn,
      );
  }
  return plain;
}

/** A decoded sum. */
export interface OpenedSum {
  /** K sums s_j = sum w_i u_ij, in [-W 2^(b-1), W (2^(b-1) - 1)]. */
  readonly coefficients: Int32Array;
  /** R = sum w_i rho_i modulo r. */
  readonly R: Blinding;
}

/**
 * The sum that N plaintext coefficients in [0, t) stand for. A lane has b bits wherever it is proven, so -2^(b-1), which
 * `encodeChunk` refuses, is still accepted here: whoever sent it could otherwise stop a round with nothing to be blamed for.
 * @throws HeError `plaintext` where no chunks of b-bit lanes and total weight `weight` add up to them.
 */
export function decodeSum(p: Parameters, plain: Uint32Array, weight: number): OpenedSum {
  const t = 2 ** p.plainBits;
  const [least, most] = [-weight * 2 ** (p.coordinateBits - 1), weight * (2 ** (p.coordinateBits - 1) - 1)];
  const limbStart = p.ringDegree - limbCount;
  const coefficients = Int32Array.from(plain.subarray(0, p.coordinates), (value) =>
    value >= t / 2 ? value - t : value,
  );
  for (const [index, value] of coefficients.entries())
    ensure(
      value >= least && value <= most,
      'plaintext',
      () =>
        `sum[${index}] = ${value}: chunks of total weight ${weight} stay within ${least} to ${most}; ${fault}`,
    );
  for (let index = p.coordinates; index < limbStart; index++)
    ensure(
      plain[index] === 0,
      'plaintext',
      () => `sum: unused coefficient ${index} is ${plain[index]}, not 0`,
    );
  const limbs = plain.subarray(limbStart);
  for (const [limb, value] of limbs.entries())
    ensure(
      value <= weight * (2 ** limbBits - 1),
      'plaintext',
      () => `sum: blinding limb ${limb} is ${value}, more than weight ${weight} allows; ${fault}`,
    );
  const R = blindingOf((which) => {
    const own = limbs.subarray(which * limbsEach, (which + 1) * limbsEach);
    return own.reduceRight((sum, value) => (sum << BigInt(limbBits)) + BigInt(value), 0n) % blindingOrder;
  });
  return { coefficients, R };
}

/** Cuts `values` into chunks of K, the last padded with zeros; at least one chunk. */
export function splitChunks(p: Parameters, values: Int32Array): Int32Array[] {
  const count = Math.max(1, Math.ceil(values.length / p.coordinates));
  return Array.from({ length: count }, (_, index) => {
    const chunk = new Int32Array(p.coordinates);
    chunk.set(values.subarray(index * p.coordinates, (index + 1) * p.coordinates));
    return chunk;
  });
}

/** The first `length` values of the chunks, one after the other. */
export function joinChunks(p: Parameters, chunks: readonly Int32Array[], length: number): Int32Array {
  const joined = new Int32Array(chunks.length * p.coordinates);
  for (const [index, chunk] of chunks.entries()) joined.set(chunk, index * p.coordinates);
  ensure(length <= joined.length, 'argument', () => `length = ${length}: the chunks hold ${joined.length}`);
  return joined.slice(0, length);
}
