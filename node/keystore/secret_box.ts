// A secret box: bytes sealed at rest under an account, with a key that only the account's private key gives:
// XChaCha20-Poly1305, its key from HKDF-SHA-256 over the private key with the purpose as info. The purpose is
// authenticated too.
import { concatBytes } from '@noble/ciphers/utils.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { NodeError } from '../errors.ts';
import { decrypt, encrypt, nonceBytes, tagBytes } from './xchacha.ts';

const format = 1;
const overhead = 1 + nonceBytes + tagBytes;

/** Seals and opens what a process keeps on disk, and derives seeds that come back with the account. */
export interface SecretBox {
  /**
   * The sealed bytes: format 1 | nonce 24 | ciphertext and tag. They open only under the purpose that they
   * were sealed for.
   */
  seal(purpose: string, bytes: Uint8Array): Uint8Array;
  /**
   * The bytes again.
   * @throws NodeError `state` for another account's sealed bytes, another purpose, and anything altered.
   */
  open(purpose: string, box: Uint8Array): Uint8Array;
  /** A seed of 32 bytes for a purpose, the same every time: that of the peer's identity, for one. */
  seed(purpose: string): Uint8Array;
}

/** The secret box of a private key. */
export function createSecretBox(privateKey: Uint8Array): SecretBox {
  const salt = new TextEncoder().encode('murmuration/v1/secret-box');
  const derive = (use: string, purpose: string) =>
    hkdf(sha256, privateKey, salt, new TextEncoder().encode(`${use}/${purpose}`), 32);
  const under = (purpose: string, nonce: Uint8Array) => ({
    key: derive('seal', purpose),
    nonce,
    associated: new TextEncoder().encode(purpose),
  });
  return {
    seal(purpose, bytes) {
      const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
      return concatBytes(Uint8Array.of(format), nonce, encrypt(under(purpose, nonce), bytes));
    },

    open(purpose, box) {
      if (box.length < overhead || box[0] !== format)
        throw new NodeError(
          'state',
          `secret box: ${box.length} bytes of format ${box[0]}, but a box has format ${format} and at ` +
            `least ${overhead} bytes`,
        );
      try {
        return decrypt(under(purpose, box.subarray(1, 1 + nonceBytes)), box.subarray(1 + nonceBytes));
      } catch (cause) {
        throw new NodeError(
          'state',
          `secret box: it does not open for ${purpose}: another account sealed it, or it was altered`,
          { cause },
        );
      }
    },

    seed: (purpose) => derive('seed', purpose),
  };
}
