// Chunks to plaintext coefficients and back: coordinates in front, blinding limbs at the end.
//
// Coefficient j < K is u_j mod t. The last `limbCount` are rho_0, rho_1, ..., as 16 limbs of 16 bits each,
// least significant first. Coefficients between are zero. Sums of limbs do not wrap modulo t; they recombine
// modulo r.

import { blindingOf, type ChunkVector, fieldOrder } from '@murmuration/core';
import { ensure } from './errors.ts';
import { limbBits, limbCount, limbsEach, type Parameters } from './parameters.ts';

/**
 * The N plaintext coefficients, in [0, t), of a chunk.
 * @throws HeError `argument` for a wrong length, a coordinate beyond +-(2^(b-1) - 1) or a blinding not in [0,
 *   r).
 */
export function encodeChunk(p: Parameters, { coordinates, blinding }: ChunkVector): Uint32Array {
  ensure(
    coordinates.length === p.coordinatesPerChunk,
    'argument',
    () =>
      `coordinates are ${coordinates.length}, but a chunk of '${p.name}' has K = ${p.coordinatesPerChunk}`,
    'Pad the last chunk with zeros.',
  );
  const most = 2 ** (p.coordinateBits - 1) - 1;
  const t = 2 ** p.plainBits;
  const plain = new Uint32Array(p.ringDegree);
  for (const [index, value] of coordinates.entries()) {
    ensure(
      Math.abs(value) <= most,
      'argument',
      () => `coordinates[${index}] is ${value}, but |u| is at most ${most}`,
      'Clip it when quantising.',
    );
    plain[index] = value < 0 ? value + t : value;
  }
  for (const [which, value] of blinding.entries()) {
    // A blinding is secret: the message does not show it.
    ensure(
      value >= 0n && value < fieldOrder,
      'argument',
      () => `blinding[${which}] is out of range, but it must be in [0, r), the scalar field of BN254`,
    );
    for (let limb = 0; limb < limbsEach; limb++)
      plain[p.ringDegree - limbCount + which * limbsEach + limb] = Number(
        (value >> BigInt(limbBits * limb)) & 0xffffn,
      );
  }
  return plain;
}

/** A coefficient of a sum. */
export interface SumCoefficient {
  /** Below N. */
  readonly index: number;
  /** What the addends' weights sum up to. */
  readonly weight: number;
}

/**
 * From what to what a coefficient of a sum reaches. The proofs hold coordinates to b bits, so -2^(b-1), which
 * `encodeChunk` refuses, counts: the sender of one could otherwise stop a round with nothing to be blamed for.
 */
function rangeOf(p: Parameters, { index, weight }: SumCoefficient): readonly [least: number, most: number] {
  const half = 2 ** (p.coordinateBits - 1);
  if (index < p.coordinatesPerChunk) return [-weight * half, weight * (half - 1)];
  return [0, index < p.ringDegree - limbCount ? 0 : weight * (2 ** limbBits - 1)];
}

/** Whether a coefficient of a sum can have this value, given in [0, t). */
export function isEncoded(p: Parameters, at: SumCoefficient, value: number): boolean {
  const [least, most] = rangeOf(p, at);
  const t = 2 ** p.plainBits;
  return (value - least + t) % t <= most - least;
}

/**
 * The sum that N plaintext coefficients in [0, t) stand for.
 * @throws HeError `plaintext` where no chunks of b-bit coordinates and total weight `weight` add up to them.
 */
export function decodeSum(p: Parameters, plain: Uint32Array, weight: number): ChunkVector {
  const t = 2 ** p.plainBits;
  const centred = (value: number) => (value >= t / 2 ? value - t : value);
  for (const [index, value] of plain.entries())
    ensure(
      isEncoded(p, { index, weight }, value),
      'plaintext',
      () => {
        const [least, most] = rangeOf(p, { index, weight });
        const found = least < 0 ? centred(value) : value;
        return `coefficient ${index} of the sum is ${found}, but at weight ${weight} it is ${least} to ${most}`;
      },
      'Open the sum with another set of members: if it says the same, an addend was not encoded by the rules, ' +
        'else a share is wrong in few places.',
    );
  const limbs = plain.subarray(p.ringDegree - limbCount);
  const blinding = blindingOf((which) => {
    const own = limbs.subarray(which * limbsEach, (which + 1) * limbsEach);
    return own.reduceRight((sum, value) => (sum << BigInt(limbBits)) + BigInt(value), 0n) % fieldOrder;
  });
  return { coordinates: Int32Array.from(plain.subarray(0, p.coordinatesPerChunk), centred), blinding };
}

/** Cuts `values` into chunks of K coordinates, the last padded with zeros; at least one chunk. */
export function splitChunks(p: Parameters, values: Int32Array): Int32Array[] {
  const count = Math.max(1, Math.ceil(values.length / p.coordinatesPerChunk));
  return Array.from({ length: count }, (_, index) => {
    const chunk = new Int32Array(p.coordinatesPerChunk);
    chunk.set(values.subarray(index * p.coordinatesPerChunk, (index + 1) * p.coordinatesPerChunk));
    return chunk;
  });
}

/**
 * The first `length` values of the chunks, one chunk after the other: the inverse of {@link splitChunks}.
 * @throws HeError `argument` where the chunks hold fewer.
 */
export function joinChunks(p: Parameters, chunks: readonly Int32Array[], length: number): Int32Array {
  const joined = new Int32Array(chunks.length * p.coordinatesPerChunk);
  for (const [index, chunk] of chunks.entries()) joined.set(chunk, index * p.coordinatesPerChunk);
  ensure(
    length <= joined.length,
    'argument',
    () => `length is ${length}, but the chunks hold ${joined.length}`,
  );
  return joined.slice(0, length);
}
