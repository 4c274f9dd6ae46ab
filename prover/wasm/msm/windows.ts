// Scalars in signed digits (Bernstein, Doumen, Lange, Oosterwijk 2012, section 4, with an offset instead of carries).
//
// A scalar s is stored as `s + offset`, offset = sum over windows of half the window's range. Then the digit of a window is the window's
// bits less half its range: each digit is found by itself, 0 has no digit but 0, and a small scalar of either sign has few others.
import { fieldOrder } from '@murmuration/core';

export interface Window {
  /** Its lowest bit. */
  readonly position: number;
  readonly bits: number;
}

export interface Windows {
  readonly width: number;
  readonly list: readonly Window[];
  /** What is added to a scalar of size r / 2 at most; the sum lies in [0, 2^255). */
  readonly offset: bigint;
}

/** A scalar of size r / 2 = 2^252.6, its sign, and one bit more: two bits of a highest window alone would not reach r / 2. */
const scalarBits = 255;

/** Windows of `width` bits, the highest of those that are left. */
export function windowsOf(width: number): Windows {
  if (!Number.isInteger(width) || width < 3 || width > 20) {
    throw new RangeError(`a window has ${width} bits, but it has 3 to 20`);
  }
  const list = Array.from({ length: Math.ceil(scalarBits / width) }, (_, i) => ({
    position: i * width,
    bits: Math.min(width, scalarBits - i * width),
  }));
  const offset = list.reduce((sum, { position, bits }) => sum + (1n << BigInt(position + bits - 1)), 0n);
  return { width, list, offset };
}

/** The scalar as it is stored, from any residue of r in (-r, r). */
export function storedScalar(scalar: bigint, { offset }: Windows): bigint {
  const positive = scalar < 0n ? scalar + fieldOrder : scalar;
  return (positive > fieldOrder / 2n ? positive - fieldOrder : positive) + offset;
}

/** The digits of a stored scalar, lowest first. */
export function digitsOf(stored: bigint, { list }: Windows): number[] {
  return list.map(({ position, bits }) => {
    const unsigned = Number((stored >> BigInt(position)) & ((1n << BigInt(bits)) - 1n));
    return unsigned - 2 ** (bits - 1);
  });
}
