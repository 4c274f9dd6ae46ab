import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { create } from 'multiformats/hashes/digest';
import { hexToBytes } from 'viem';
import { describe, expect, test } from 'vitest';
import { cidOf, digestOf, digestOfCid } from '../../../node/protocol/index.ts';

describe('a content address', () => {
  const digest = digestOf(Uint8Array.of(1, 2, 3));
  const sha2256 = 0x12;
  const sha2512 = 0x13;
  const multihash = create(sha2256, hexToBytes(digest));

  test('leads back to its digest', () => {
    expect(cidOf(digest)).toBe(CID.createV1(raw.code, multihash).toString());
    expect(digestOfCid(cidOf(digest))).toBe(digest);
  });
  test('is that of a digest in its one form alone, and says of anything else what it is', () => {
    for (const other of [digest.slice(0, -1), digest.toUpperCase(), `${digest}0`, '0x', 7])
      expect(() => cidOf(other as typeof digest)).toThrow(`digest is ${other}, but`);
    expect(() => cidOf(`0x${'a'.repeat(5000)}`)).toThrow(`digest is 0x${'a'.repeat(78)}, but`);
  });
  test.each([
    ['another version', CID.createV0(multihash)],
    ['another codec', CID.createV1(0x70, multihash)],
    ['another hash of the same length', CID.createV1(raw.code, create(sha2512, multihash.digest))],
    ['a cut hash', CID.createV1(raw.code, create(sha2256, multihash.digest.slice(0, 31)))],
  ])('of %s names no content here', (_, cid) => {
    expect(() => digestOfCid(cid.toString())).toThrow(/but it is CIDv1, raw, sha2-256/);
  });
});
