// Chunks to plaintext coefficients and back: update coordinates in front, blinding limbs at the end.
//
// Coefficient j < K is u_j mod t. The last `limbCount` are rho_0, rho_1, ..., as 16 limbs of 16 bits each, least significant
// first. What lies between is zero. Sums of limbs do not wrap modulo t; they recombine modulo r.

import { blindingOf, type ChunkVector, fieldOrder } from '@murmuration/core';
import { ensure } from './errors.ts';
import { limbBits, limbCount, limbsEach, type Parameters } from './parameters.ts';

const fault = 'an addend was not encoded by the rules, or a share is wrong in few places (another set tells)';

/**
 * The N plaintext coefficients, in [0, t), of K coordinates and their blinding.
 * @throws HeError `argument` for a wrong length, a coordinate beyond +-(2^(b-1) - 1) or a blinding not in [0, r).
 */
export function encodeChunk(p: Parameters, { coordinates, blinding }: ChunkVector): Uint32Array {
  ensure(
    coordinates.length === p.coordinatesPerChunk,
    'argument',
    () =>
      `coordinates: ${coordinates.length} of them, a chunk of '${p.name}' has K = ${p.coordinatesPerChunk}; pad with zeros`,
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
  for (const [which, value] of blinding.entries()) {
    ensure(
      value >= 0n && value < fieldOrder,
      'argument',
      () => `blinding[${which}]: must be in [0, r), the scalar field of BN254`,
    );
    for (let limb = 0; limb < limbsEach; limb++)
      plain[p.ringDegree - limbCount + which * limbsEach + limb] = Number(
        (value >> BigInt(limbBits * limb)) & 0xffffn,
      );
  }
  return plain;
}

/**
 * The sum that N plaintext coefficients in [0, t) stand for. A lane has b bits wherever it is proven, so -2^(b-1), which
 * `encodeChunk` refuses, is still accepted here: whoever sent it could otherwise stop a round with nothing to be blamed for.
 * @throws HeError `plaintext` where no chunks of b-bit lanes and total weight `weight` add up to them.
 */
export function decodeSum(p: Parameters, plain: Uint32Array, weight: number): ChunkVector {
  const t = 2 ** p.plainBits;
  const [least, most] = [-weight * 2 ** (p.coordinateBits - 1), weight * (2 ** (p.coordinateBits - 1) - 1)];
  const limbStart = p.ringDegree - limbCount;
  const coordinates = Int32Array.from(plain.subarray(0, p.coordinatesPerChunk), (value) =>
    value >= t / 2 ? value - t : value,
  );
  for (const [index, value] of coordinates.entries())
    ensure(
      value >= least && value <= most,
      'plaintext',
      () =>
        `sum[${index}] = ${value}: chunks of total weight ${weight} stay within ${least} to ${most}; ${fault}`,
    );
  for (let index = p.coordinatesPerChunk; index < limbStart; index++)
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
  const blinding = blindingOf((which) => {
    const own = limbs.subarray(which * limbsEach, (which + 1) * limbsEach);
    return own.reduceRight((sum, value) => (sum << BigInt(limbBits)) + BigInt(value), 0n) % fieldOrder;
  });
  return { coordinates, blinding };
}

/** Cuts `values` into chunks of K, the last padded with zeros; at least one chunk. */
export function splitChunks(p: Parameters, values: Int32Array): Int32Array[] {
  const count = Math.max(1, Math.ceil(values.length / p.coordinatesPerChunk));
  return Array.from({ length: count }, (_, index) => {
    const chunk = new Int32Array(p.coordinatesPerChunk);
    chunk.set(
      values.subarray(index * p.coordinatesPerChunk, (index + 1) * p.coordinatesPerChunk),
    );
    return chunk;
  });
}

/** The first `length` values of the chunks, one after the other. */
export function joinChunks(p: Parameters, chunks: readonly Int32Array[], length: number): Int32Array {
  const joined = new Int32Array(chunks.length * p.coordinatesPerChunk);
  for (const [index, chunk] of chunks.entries()) joined.set(chunk, index * p.coordinatesPerChunk);
  ensure(length <= joined.length, 'argument', () => `length = ${length}: the chunks hold ${joined.length}`);
  return joined.slice(0, length);
}
