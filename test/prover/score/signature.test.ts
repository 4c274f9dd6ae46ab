// Signatures of issuers are those that circomlib knows, and its own library verifies them.
import { fieldOrder as R } from '@murmuration/core';
import { buildEddsa } from 'circomlibjs';
import { describe, expect, it } from 'vitest';
import { checkIssuerKey, issuerKeyPair, signElement, verifyElement } from '../../../prover/score/index.ts';
import { source } from '../../vectors/random.ts';

const random = source('signature');
const pair = issuerKeyPair(random.bytes(32));
const message = random.word() % R;
const signature = signElement(pair, message);

describe('signatures', () => {
  it('hold under their key alone, for their message alone', () => {
    expect(verifyElement(pair.publicKey, message, signature)).toBe(true);
    expect(verifyElement(pair.publicKey, message + 1n, signature)).toBe(false);
    expect(verifyElement(issuerKeyPair(random.bytes(32)).publicKey, message, signature)).toBe(false);
    expect(verifyElement(pair.publicKey, message, { ...signature, s: signature.s + 1n })).toBe(false);
    const { nonce } = signElement(pair, message + 1n);
    expect(verifyElement(pair.publicKey, message, { ...signature, nonce })).toBe(false);
  });

  it('are those that circomlib’s library verifies, and its own hold here', async () => {
    const eddsa = await buildEddsa();
    const { F } = eddsa.babyJub;
    const point = ({ x, y }: { x: bigint; y: bigint }) => [F.e(x), F.e(y)] as const;
    const theirs = { R8: point(signature.nonce), S: signature.s };
    expect(eddsa.verifyPoseidon(F.e(message), theirs, point(pair.publicKey))).toBe(true);
    const secret = Buffer.from(random.bytes(32));
    const [x, y] = eddsa.prv2pub(secret).map((value) => F.toObject(value)) as [bigint, bigint];
    const made = eddsa.signPoseidon(secret, F.e(message));
    const nonce = { x: F.toObject(made.R8[0]), y: F.toObject(made.R8[1]) };
    expect(verifyElement({ x, y }, message, { nonce, s: made.S })).toBe(true);
  });

  it('have one form: an alias of any of their numbers is none', () => {
    /** Of the points that signatures are made with. */
    const order = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;
    const { nonce, s } = signature;
    for (const other of [s + order, s - order, 0n, -1n, order]) {
      expect(verifyElement(pair.publicKey, message, { nonce, s: other })).toBe(false);
    }
    for (const [x, y] of [
      [R, 0n],
      [-R, 0n],
      [0n, R],
      [0n, -R],
    ] as const) {
      const shifted = (point: { x: bigint; y: bigint }) => ({ x: point.x + x, y: point.y + y });
      expect(verifyElement(pair.publicKey, message, { nonce: shifted(nonce), s })).toBe(false);
      expect(verifyElement(shifted(pair.publicKey), message, signature)).toBe(false);
      expect(() => checkIssuerKey('key', shifted(pair.publicKey))).toThrow(/a point of Baby Jubjub/);
    }
    for (const alias of [message + R, -1n]) {
      expect(() => verifyElement(pair.publicKey, alias, signature)).toThrow(
        expect.objectContaining({ code: 'field', message: expect.stringMatching(/^message is /) }),
      );
    }
  });

  it('cannot be made for a key of small order, under which every multiple of the base would hold', () => {
    const forged = { nonce: pair.publicKey, s: pair.scalar };
    for (const key of [
      { x: 0n, y: 1n },
      { x: 0n, y: R - 1n },
    ]) {
      expect(verifyElement(key, message, forged)).toBe(false);
    }
  });

  it('are the same for the same message, and not for another one', () => {
    expect(signElement(pair, message)).toEqual(signature);
    expect(signElement(pair, message + 1n).nonce).not.toEqual(signature.nonce);
  });

  it.each([0, 31, 33])('are of a secret of 32 bytes, and not of %i', (length) => {
    expect(() => issuerKeyPair(new Uint8Array(length))).toThrow(
      `the secret has ${length} bytes, but an issuer's has 32`,
    );
  });

  it.each<[string, { x: bigint; y: bigint }]>([
    ['off the curve', { x: pair.publicKey.x, y: pair.publicKey.y + 1n }],
    ['the neutral element', { x: 0n, y: 1n }],
    ['of order two', { x: 0n, y: R - 1n }],
    ['an alias', { x: pair.publicKey.x + R, y: pair.publicKey.y }],
  ])('a key that is %s is refused, and signs nothing', (_, key) => {
    expect(() => checkIssuerKey('key', pair.publicKey)).not.toThrow();
    expect(() => checkIssuerKey('key', key)).toThrow(/a point of Baby Jubjub of large order/);
    expect(verifyElement(key, message, signature)).toBe(false);
  });
});
