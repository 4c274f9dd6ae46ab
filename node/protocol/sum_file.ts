// The published sum of one chunk as bytes (docs/encodings.md, "Digests and content addresses").
import {
  blindingCoefficients,
  blindingOf,
  bytesOfWords,
  type ChunkVector,
  wordsOfBytes,
} from '@murmuration/core';
import { NodeError } from '../errors.ts';

/** Bytes of a field element. */
const fieldBytes = 32;

/** Bytes of a chunk's sum. @param coordinatesPerChunk K. */
export const sumBytes = (coordinatesPerChunk: number): number =>
  coordinatesPerChunk * 4 + fieldBytes * blindingCoefficients;

/** K int32 little-endian, then the blinding's coefficients big-endian. */
export function encodeSum({ coordinates, blinding }: ChunkVector): Uint8Array {
  const bytes = new Uint8Array(sumBytes(coordinates.length));
  bytes.set(bytesOfWords(coordinates));
  const view = new DataView(bytes.buffer);
  blinding.forEach((value, i) => {
    const at = coordinates.length * 4 + fieldBytes * i;
    for (let word = 0; word < 4; word++)
      view.setBigUint64(at + 24 - 8 * word, BigInt.asUintN(64, value >> BigInt(64 * word)));
  });
  return bytes;
}

/**
 * Reads a chunk's sum of K coordinates. Whether it is the round's sum shows only when it opens the contract's
 * total.
 * @throws NodeError `wire` for bytes of another length.
 */
export function decodeSum(bytes: Uint8Array, coordinatesPerChunk: number): ChunkVector {
  const length = sumBytes(coordinatesPerChunk);
  if (bytes.length !== length)
    throw new NodeError(
      'wire',
      `sum: ${bytes.length} bytes; a chunk of ${coordinatesPerChunk} coordinates has ${length}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const coefficient = (i: number) => {
    let value = 0n;
    for (let word = 0; word < 4; word++)
      value = (value << 64n) | view.getBigUint64(coordinatesPerChunk * 4 + fieldBytes * i + 8 * word);
    return value;
  };
  return {
    coordinates: wordsOfBytes(Int32Array, bytes.subarray(0, 4 * coordinatesPerChunk)),
    blinding: blindingOf(coefficient),
  };
}
