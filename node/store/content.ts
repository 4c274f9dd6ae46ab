// Content addressing at the store's door: a block is named by its digest and nothing else comes back for it.
import type { Hex } from 'viem';
import { cidOf, digestOf, digestOfCid, isDigest } from '../protocol/index.ts';
import { StoreError } from './error.ts';

/** The content address of a digest. @throws StoreError `wrong` for a text that is no digest. */
export function addressOf(digest: Hex): string {
  if (!isDigest(digest))
    throw new StoreError(
      'wrong',
      `digest is ${String(digest).slice(0, 80)}, but must be 0x and 64 lower-case hexadecimal digits`,
    );
  return cidOf(digest);
}

/** The digest in an address that a store named. @throws StoreError `wrong` for any other form of address. */
export function digestIn(address: string): Hex {
  try {
    return digestOfCid(address);
  } catch (cause) {
    throw new StoreError('wrong', `the store named a block by ${address.slice(0, 80)}`, { cause });
  }
}

/**
 * The bytes, if they have the digest and are within the limit.
 * @throws StoreError `wrong` or `oversized`
 */
export function checkContent(digest: Hex, bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length > maxBytes) throw oversized(digest, bytes.length, maxBytes);
  const found = digestOf(bytes);
  if (found !== digest)
    throw new StoreError('wrong', `block ${digest}: what came back has digest ${found}`, {
      mend: 'Ask another store for it.',
    });
  return bytes;
}

/** The refusal of a block beyond a limit. */
export function oversized(digest: Hex, size: number, maxBytes: number): StoreError {
  return new StoreError(
    'oversized',
    `block ${digest} has ${size} bytes, but at most ${maxBytes} are accepted here`,
  );
}
