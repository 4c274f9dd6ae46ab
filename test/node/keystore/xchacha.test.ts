// XChaCha20-Poly1305 over Node's cipher says what the draft and noble say.
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { hexToBytes } from 'viem';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../../node/keystore/xchacha.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const sealing = fc.record({ key: bytes(32), nonce: bytes(24), associated: fc.uint8Array() });

describe('XChaCha20-Poly1305', () => {
  it('is that of the draft, appendix A.3.1', () => {
    const text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    const of = {
      key: hexToBytes('0x808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f'),
      nonce: hexToBytes('0x404142434445464748494a4b4c4d4e4f5051525354555657'),
      associated: hexToBytes('0x50515253c0c1c2c3c4c5c6c7'),
    };
    const sealed = encrypt(of, new TextEncoder().encode(text));
    expect(Buffer.from(sealed.subarray(0, 16)).toString('hex')).toBe('bd6d179d3e83d43b9576579493c0e939');
    expect(Buffer.from(sealed.subarray(-16)).toString('hex')).toBe('c0875924c1c7987947deafd8780acf49');
    expect(new TextDecoder().decode(decrypt(of, sealed))).toBe(text);
  });

  it("is noble's, for any bytes, and opens again", () => {
    fc.assert(
      fc.property(sealing, fc.uint8Array({ maxLength: 300 }), ({ key, nonce, associated }, text) => {
        const sealed = encrypt({ key, nonce, associated }, text);
        expect(sealed).toEqual(xchacha20poly1305(key, nonce, associated).encrypt(text));
        expect(decrypt({ key, nonce, associated }, sealed)).toEqual(text);
      }),
    );
  });

  it('opens nothing of which a bit was changed', () => {
    fc.assert(
      fc.property(sealing, fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (of, text, at) => {
        const sealed = encrypt(of, text);
        const bit = at % (8 * sealed.length);
        sealed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => decrypt(of, sealed)).toThrow();
      }),
    );
  });
});
