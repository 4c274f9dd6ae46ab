// Small secrets and errors: the distributions that SEAL itself uses, so that its security estimate applies.

import type { ByteStream } from './stream.ts';

/** Uniform in {-1, 0, 1}; rejection of two-bit strings. */
export function ternary(stream: ByteStream, count: number): Int32Array {
  const values = new Int32Array(count);
  for (let filled = 0; filled < count; ) {
    for (const byte of stream(Math.ceil((count - filled) / 3) + 16))
      for (let shift = 0; shift < 8 && filled < count; shift += 2) {
        const draw = (byte >> shift) & 3;
        if (draw < 3) values[filled++] = draw - 1;
      }
  }
  return values;
}

const popCount = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Centred binomial of 2 * 21 bits, as SEAL's: mean 0, variance 10.5, |value| <= 21. */
export function centredBinomial(stream: ByteStream, count: number): Int32Array {
  const bytes = stream(count * 6);
  const ones = (at: number) =>
    popCount[bytes[at]!]! + popCount[bytes[at + 1]!]! + popCount[bytes[at + 2]! & 0x1f]!;
  return Int32Array.from({ length: count }, (_, index) => ones(index * 6) - ones(index * 6 + 3));
}
