// A decryption set: t members, ascending, named in every share.

import { ensure } from '../errors.ts';

/** Eight bytes, bit i for member i. */
export function encodeSet(set: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8);
  for (const index of set) bytes[index >> 3]! |= 1 << (index & 7);
  return bytes;
}

/** The inverse of {@link encodeSet}. */
export const decodeSet = (bytes: Uint8Array): number[] =>
  Array.from({ length: 64 }, (_, index) => index).filter((index) => (bytes[index >> 3]! >> (index & 7)) & 1);

/** @throws HeError `argument` unless `set` is `threshold` distinct ascending indices below `members`. */
export function checkSet(set: readonly number[], threshold: number, members: number): readonly number[] {
  ensure(
    set.length === threshold &&
      set.every((index, at) => Number.isInteger(index) && index > (set[at - 1] ?? -1) && index < members),
    'argument',
    () =>
      `set is [${set.join(', ')}], but it is exactly t = ${threshold} ascending indices below n = ${members}`,
  );
  return set;
}
