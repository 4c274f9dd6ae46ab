// A response on the wire: N words z + 2^(maskBits - 1) - 1, packed at maskBits each.

import type { Ring } from '../ring/ring.ts';

/** @param words below 2^bits. @param bits at most 31. */
export function packResponse(ring: Ring, words: Uint32Array, bits: number): Uint8Array<ArrayBuffer> {
  const row = ring.zero();
  const halves = new Uint32Array(row.buffer);
  for (let j = 0; j < words.length; j++) halves[2 * j] = words[j]!;
  return ring.packWords(row, bits);
}

/** The inverse of `packResponse`. */
export function unpackResponse(ring: Ring, bytes: Uint8Array, bits: number): Uint32Array {
  const halves = new Uint32Array(ring.unpackWords(bytes, ring.n, bits).buffer);
  const words = new Uint32Array(ring.n);
  for (let j = 0; j < words.length; j++) words[j] = halves[2 * j]!;
  return words;
}
