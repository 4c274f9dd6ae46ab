import { randomBytes } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from '../../he/keys/sealing.ts';
import { publicKeyOf, sharedSecret } from '../../he/keys/x25519.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const random = (length: number) => new Uint8Array(randomBytes(length));

describe('X25519', () => {
  it('gives what RFC 7748 does (section 6.1)', () => {
    const bob = bytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    const ofAlice = bytes('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(publicKeyOf(bob)).toEqual(
      bytes('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'),
    );
    expect(sharedSecret(bob, ofAlice)).toEqual(
      bytes('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'),
    );
  });

  it('agrees with another implementation, also on points that nobody made', () => {
    for (let i = 0; i < 50; i++) {
      const [own, point] = [random(32), random(32)];
      expect(publicKeyOf(own)).toEqual(x25519.getPublicKey(own));
      expect(sharedSecret(own, point)).toEqual(x25519.getSharedSecret(own, point));
    }
  });

  it.each([
    ['0', new Uint8Array(32)],
    ['1', Uint8Array.from({ length: 32 }, (_, i) => Number(i === 0))],
    ['p', bytes(`ed${'ff'.repeat(30)}7f`)],
    ['p + 1', bytes(`ee${'ff'.repeat(30)}7f`)],
  ])('refuses the point of small order %s', (_, point) => {
    expect(() => sharedSecret(random(32), point)).toThrow();
  });
});

describe('the envelope of a share', () => {
  const [key, header, plain] = [random(32), random(40), random(700)];

  it('is that of RFC 8439, as another implementation makes it', () => {
    expect(seal(key, header, plain)).toEqual(
      chacha20poly1305(key, new Uint8Array(12), header).encrypt(plain),
    );
    expect(unseal(key, { header, sealed: seal(key, header, plain), from: 1 })).toEqual(plain);
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
