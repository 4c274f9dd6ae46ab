// Content addressing: a block is its SHA-256; its address beyond this process is the CIDv1 (raw, sha2-256) of
// it.
import { sha256 } from '@noble/hashes/sha2.js';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { create } from 'multiformats/hashes/digest';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { StoreError } from './error.ts';

const sha2256 = 0x12;

/** The SHA-256 of bytes, as it travels on chain: `0x` and 64 hexadecimal digits. */
export function digestOf(bytes: Uint8Array): Hex {
  return bytesToHex(sha256(bytes));
}

/**
 * The content address of a digest, in base32 (`bafkrei...`). Throws when it is not 32 bytes of lower-case
 * hexadecimal.
 */
export function cidOf(digest: Hex): string {
  return CID.createV1(raw.code, create(sha2256, hexToBytes(checkDigest(digest)))).toString();
}

/**
 * The digest in a content address.
 * @throws StoreError `wrong` for any codec but raw, any hash but sha2-256, any version but 1.
 */
export function digestOfCid(text: string): Hex {
  const cid = CID.parse(text);
  if (
    cid.version !== 1 ||
    cid.code !== raw.code ||
    cid.multihash.code !== sha2256 ||
    cid.multihash.size !== 32
  )
    throw new StoreError(
      'wrong',
      `content address ${text} is not CIDv1, raw, sha2-256, the only form used here`,
    );
  return bytesToHex(cid.multihash.digest);
}

/** A digest in its one form, which is also safe as a file name. @throws StoreError `wrong` */
export function checkDigest(digest: Hex): Hex {
  if (!/^0x[0-9a-f]{64}$/.test(digest))
    throw new StoreError(
      'wrong',
      `digest is ${String(digest).slice(0, 80)}, but must be 0x and 64 lower-case hexadecimal digits`,
    );
  return digest;
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
