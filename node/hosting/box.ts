// Bytes sealed to a host: X25519 with a key of this one message, HKDF-SHA-256, XChaCha20-Poly1305. Nothing in it shows
// who sent it, to whom, or for what: whoever keeps it learns its size.
import { randomBytes } from 'node:crypto';
import { publicKeyOf, sharedSecret } from '@murmuration/core/x25519';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '@noble/ciphers/utils.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { NodeError } from '../errors.ts';

const format = 1;
const keyBytes = 32;
const purpose = new TextEncoder().encode('murmuration/v1/hosting');

/** The sealed bytes: format 1 | public key of the message 32 | ciphertext and tag. */
export function sealTo(to: Uint8Array, bytes: Uint8Array): Uint8Array {
  const own = randomBytes(32);
  const mine = publicKeyOf(own);
  const cipher = cipherOf(sharedSecret(own, to), mine, to);
  own.fill(0);
  return concatBytes(Uint8Array.of(format), mine, cipher.encrypt(bytes));
}

/** The bytes again; the caller overwrites them after use. @throws NodeError `input` where they do not open. */
export function openBox(secret: Uint8Array, box: Uint8Array): Uint8Array {
  try {
    if (box[0] !== format) throw new Error('no box of this format');
    const mine = box.subarray(1, 1 + keyBytes);
    const cipher = cipherOf(sharedSecret(secret, mine), mine, publicKeyOf(secret));
    return cipher.decrypt(box.subarray(1 + keyBytes));
  } catch (cause) {
    throw new NodeError('input', 'the package does not open: it is for another host, or was altered', {
      mend: 'Ask the owner for another, sealed to the identity that `murmur host identity` prints.',
      cause,
    });
  }
}

/** The key serves one message, so that its nonce may be 0. */
function cipherOf(shared: Uint8Array, mine: Uint8Array, to: Uint8Array) {
  const key = hkdf(sha256, shared, concatBytes(mine, to), purpose, 32);
  return xchacha20poly1305(key, new Uint8Array(24), purpose);
}
