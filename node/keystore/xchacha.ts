// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, section 2): HChaCha20 of the key and the nonce's first 16 bytes gives
// the key of ChaCha20-Poly1305 (RFC 8439), which Node has in native code; roles seal megabytes a round.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { hchacha } from '@noble/ciphers/chacha.js';
import { concatBytes } from '@noble/ciphers/utils.js';

const cipher = 'chacha20-poly1305';
export const tagBytes = 16;
export const nonceBytes = 24;
/** "expand 32-byte k" */
const sigma = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

/** What bytes are sealed under. */
export interface Sealing {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 24 bytes, never used twice with a key. */
  readonly nonce: Uint8Array;
  /** Authenticated, not encrypted. */
  readonly associated: Uint8Array;
}

/** Ciphertext and tag. */
export function encrypt({ key, nonce, associated }: Sealing, bytes: Uint8Array): Uint8Array {
  const sealing = createCipheriv(cipher, subkeyOf(key, nonce), rest(nonce), { authTagLength: tagBytes });
  sealing.setAAD(associated, { plaintextLength: bytes.length });
  return concatBytes(sealing.update(bytes), sealing.final(), sealing.getAuthTag());
}

/** @throws Error where ciphertext, tag, nonce, associated bytes and key do not belong together. */
export function decrypt({ key, nonce, associated }: Sealing, sealed: Uint8Array): Uint8Array {
  const length = sealed.length - tagBytes;
  const opening = createDecipheriv(cipher, subkeyOf(key, nonce), rest(nonce), { authTagLength: tagBytes });
  opening.setAAD(associated, { plaintextLength: length });
  opening.setAuthTag(sealed.subarray(length));
  return concatBytes(opening.update(sealed.subarray(0, length)), opening.final());
}

function subkeyOf(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const out = new Uint32Array(8);
  hchacha(sigma, words(key), words(nonce.subarray(0, 16)), out);
  const subkey = new Uint8Array(32);
  const view = new DataView(subkey.buffer);
  for (const [i, word] of out.entries()) view.setUint32(4 * i, word, true);
  return subkey;
}

/** The nonce of RFC 8439: four zeros, then what HChaCha20 did not take. */
const rest = (nonce: Uint8Array): Uint8Array => Uint8Array.of(0, 0, 0, 0, ...nonce.subarray(16));

function words(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
