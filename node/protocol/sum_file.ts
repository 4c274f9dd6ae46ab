// The published sum of one chunk as bytes (docs/encodings.md): K int32 little-endian, then R_0, R_1, R_2 big-endian.
import { type Blinding, blindingCoefficients, blindingOf } from '@murmuration/core';

/** The opened sum of a chunk: K lanes and the summed blinding, each below BN254's group order. */
export interface ChunkSum {
  lanes: Int32Array;
  blinding: Blinding;
}

/** Bytes of a chunk's sum with K lanes. */
export const sumBytes = (coordinates: number): number => coordinates * 4 + 32 * blindingCoefficients;

export function encodeSum({ lanes, blinding }: ChunkSum): Uint8Array {
  const bytes = new Uint8Array(sumBytes(lanes.length));
  const view = new DataView(bytes.buffer);
  lanes.forEach((lane, j) => {
    view.setInt32(4 * j, lane, true);
  });
  blinding.forEach((value, i) => {
    const at = lanes.length * 4 + 32 * i;
    for (let word = 0; word < 4; word++)
      view.setBigUint64(at + 24 - 8 * word, BigInt.asUintN(64, value >> BigInt(64 * word)));
  });
  return bytes;
}

/** @throws when the length does not fit `coordinates`. Whether it is *the* sum is the aggregate proof's business. */
export function decodeSum(bytes: Uint8Array, coordinates: number): ChunkSum {
  if (bytes.length !== sumBytes(coordinates))
    throw new RangeError(
      `sum: ${bytes.length} bytes; a chunk of ${coordinates} coordinates has ${sumBytes(coordinates)}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const scalar = (i: number) => {
    let value = 0n;
    for (let word = 0; word < 4; word++)
      value = (value << 64n) | view.getBigUint64(coordinates * 4 + 32 * i + 8 * word);
    return value;
  };
  return {
    lanes: Int32Array.from({ length: coordinates }, (_, j) => view.getInt32(4 * j, true)),
    blinding: blindingOf(scalar),
  };
}
