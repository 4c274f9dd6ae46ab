import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeyOf, sharedSecret } from '../../core/x25519.ts';

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

  it.each([
    [
      'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    ],
    // The highest bit of the point is not looked at.
    [
      '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
      'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
      '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
    ],
  ])('multiplies points that nobody made, too (RFC 7748, section 5.2): %s', (secret, point, shared) => {
    expect(sharedSecret(bytes(secret), bytes(point))).toEqual(bytes(shared));
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
