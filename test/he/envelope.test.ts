import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from '../../he/keys/sealing.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const random = (length: number) => new Uint8Array(randomBytes(length));

describe('the envelope of a share', () => {
  const [key, header, plain] = [random(32), random(40), random(700)];

  it('opens, and is what another implementation of RFC 8439 makes of a fixed share', () => {
    expect(unseal(key, { header, sealed: seal(key, header, plain), from: 1 })).toEqual(plain);
    const counted = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i);
    const share = new TextEncoder().encode('a share of a secret');
    // By @noble/ciphers 2.4.0, which shares were sealed with before.
    expect(seal(counted(128, 32), counted(80, 20), share)).toEqual(
      bytes('4b7c69c55f288beba257059e84aec84904ad1ec5c5f82c3a3d1fd63a9dba6d6289e993'),
    );
  });

  it.each([
    ['its text', (sealed: Uint8Array) => sealed.with(0, sealed[0]! ^ 1)],
    ['its tag', (sealed: Uint8Array) => sealed.with(-1, sealed.at(-1)! ^ 128)],
    ['its end, cut off', (sealed: Uint8Array) => sealed.slice(0, -1)],
    ['all but less than a tag', (sealed: Uint8Array) => sealed.slice(0, 15)],
    ['all', () => new Uint8Array()],
  ])('does not open with a change of %s', (_, change) => {
    const sealed = change(seal(key, header, plain));
    expect(() => unseal(key, { header, sealed, from: 3 })).toThrow(/not sealed by member 3/);
  });

  it('does not open with another header', () => {
    const sealed = seal(key, header, plain);
    expect(() => unseal(key, { header: header.with(3, header[3]! ^ 1), sealed, from: 3 })).toThrow(
      /member 3/,
    );
  });
});
