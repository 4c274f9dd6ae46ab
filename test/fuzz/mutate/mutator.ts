// What changes an input into one that is wrong in some way.
import type { Random } from '../random.ts';

/** Changes an input; it must not change the bytes that it is given. @param other another input of the same corpus. */
export type Mutator = (input: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Puts byte strings in a row. */
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
