// Reproducible numbers for vectors and tests: SHA-256 of a label and a counter. Never for secrets.
import { createHash } from 'node:crypto';

export interface Source {
  /** Uniform in [0, 2^256). */
  word(): bigint;
  /** Uniform in [low, high], both included. */
  integer(low: number, high: number): number;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
}

/** A source that gives the same numbers for the same label. */
export function source(label: string): Source {
  let counter = 0;
  const block = () => createHash('sha256').update(`${label}/${counter++}`).digest();
  const word = () => BigInt(`0x${block().toString('hex')}`);
  return {
    word,
    integer: (low, high) => low + Number(word() % BigInt(high - low + 1)),
    bytes: (length) =>
      Uint8Array.from(Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, block))).subarray(0, length),
  };
}
