// The account behind a signature: viem's recovery is the oracle; malformed and impossible signatures are
// nobody's.
import { type Hex, hashMessage, recoverAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { signatureSchema, signerOf } from '../../../node/protocol/index.ts';

const account = privateKeyToAccount(`0x${'2a'.repeat(32)}`);
const hash = hashMessage('a hop');
const signature = await account.sign({ hash });
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (value: bigint) => value.toString(16).padStart(64, '0');
const parts = { r: signature.slice(2, 66), s: signature.slice(66, 130), v: signature.slice(130) };
const joined = (changed: Partial<typeof parts>): Hex => {
  const { r, s, v } = { ...parts, ...changed };
  return `0x${r}${s}${v}`;
};

describe('signerOf', () => {
  test('agrees with viem for many keys, of both parities', async () => {
    const parities = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const signer = privateKeyToAccount(generatePrivateKey());
      const digest = hashMessage(`message ${i}`);
      const signed = await signer.sign({ hash: digest });
      parities.add(signed.slice(130));
      expect(signerOf(digest, signed)).toBe(signer.address);
      expect(signerOf(hash, signed)).toBe(await recoverAddress({ hash, signature: signed }));
    }
    expect([...parities].sort()).toEqual(['1b', '1c']);
  });

  test('another digest, or the other parity, gives another account', () => {
    expect(signerOf(hash, signature)).toBe(account.address);
    expect(signerOf(hashMessage('another'), signature)).not.toBe(account.address);
    expect(signerOf(hash, joined({ v: parts.v === '1b' ? '1c' : '1b' }))).not.toBe(account.address);
  });

  test.each([
    ['empty', '0x' as Hex],
    ['cut short', signature.slice(0, -2) as Hex],
    ['too long', `${signature}00` as Hex],
    ['a parity of 0', joined({ v: '00' })],
    ['r is 0', joined({ r: word(0n) })],
    ['r is the order', joined({ r: word(order) })],
    ['r is no abscissa', joined({ r: word(5n) })],
    ['s is 0', joined({ s: word(0n) })],
    ['the twin with s in the upper half', joined({ s: word(order - BigInt(`0x${parts.s}`)) })],
  ])('%s: nobody', (_, malformed) => {
    expect(signerOf(hash, malformed)).toBeUndefined();
  });
});

describe('a signature from outside', () => {
  const isTaken = (text: string) => signatureSchema.safeParse(text).success;
  test('is taken in one form alone: no signature has a twin', () => {
    expect(isTaken(signature)).toBe(true);
    for (const v of ['1b', '1c']) expect(isTaken(joined({ v }))).toBe(true);
    for (const v of ['00', '01', '1a', '1d']) expect(isTaken(joined({ v }))).toBe(false);
    const half = order / 2n;
    expect(isTaken(joined({ s: word(half) }))).toBe(true);
    expect(isTaken(joined({ s: word(half + 1n) }))).toBe(false);
    expect(isTaken(joined({ s: word(order - BigInt(`0x${parts.s}`)) }))).toBe(false);
    expect(isTaken(signature.slice(0, -2))).toBe(false);
    expect(isTaken(signature.toUpperCase())).toBe(false);
  });
});
