// Digests and content addresses (docs/encodings.md, "Digests and content addresses"): what names a content on
// chain and in stores.
import { hash } from 'node:crypto';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { create } from 'multiformats/hashes/digest';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { NodeError } from '../errors.ts';

const sha2256 = 0x12;

/** The SHA-256 of bytes as it travels on chain: `0x` and 64 lower-case hexadecimal digits. */
export const digestOf = (bytes: Uint8Array): Hex => `0x${hash('sha256', bytes, 'hex')}`;

/** Whether a text is a digest in its one form, which is also safe to make a file name of. */
export const isDigest = (text: string): text is Hex => /^0x[0-9a-f]{64}$/.test(text);

/**
 * The content address of a digest: CIDv1, raw, sha2-256, in base32 (`bafkrei...`).
 * @throws NodeError `wire` unless {@link isDigest}.
 */
export function cidOf(digest: Hex): string {
  if (!isDigest(digest))
    throw new NodeError(
      'wire',
      `digest is ${String(digest).slice(0, 80)}, but it is 0x and 64 lower-case hexadecimal digits`,
    );
  return CID.createV1(raw.code, create(sha2256, hexToBytes(digest))).toString();
}

/**
 * The digest in a content address.
 * @throws NodeError `wire` for what is no address, and for any version but 1, any codec but raw, any hash but
 * sha2-256.
 */
export function digestOfCid(text: string): Hex {
  const cid = parseCid(text);
  const { version, code, multihash } = cid;
  if (version !== 1 || code !== raw.code || multihash.code !== sha2256 || multihash.size !== 32)
    throw new NodeError('wire', `content address is ${text}, but it is CIDv1, raw, sha2-256`);
  return bytesToHex(multihash.digest);
}

function parseCid(text: string): CID {
  try {
    return CID.parse(text);
  } catch (cause) {
    throw new NodeError('wire', `content address is ${text.slice(0, 80)}, but it is a CID`, { cause });
  }
}
