// Streams of random bytes: from the system, from a secret key, from a public seed.

import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** Returns the next `length` bytes. */
export type ByteStream = (length: number) => Uint8Array;

/** The system's cryptographically secure generator. */
export const systemStream: ByteStream = (length) => randomBytes(length);

/**
 * ChaCha20 under a 32-byte key that is used for this stream alone (RFC 8439; counter and nonce start at 0).
 */
export function keyedStream(key: Uint8Array): ByteStream {
  const cipher = createCipheriv('chacha20', key, new Uint8Array(16));
  return (length) => cipher.update(new Uint8Array(length));
}

/** SHAKE256 of a public seed, squeezed without end (FIPS 202): a longer output continues a shorter one. */
export function publicStream(seed: Uint8Array): ByteStream {
  let squeezed = new Uint8Array(0);
  let at = 0;
  return (length) => {
    if (at + length > squeezed.length)
      squeezed = new Uint8Array(
        createHash('shake256', { outputLength: 2 * (at + length) })
          .update(seed)
          .digest(),
      );
    at += length;
    return squeezed.subarray(at - length, at);
  };
}

/** A 32-byte key for one purpose: HMAC-SHA256 of the label and of length-prefixed parts. */
export function deriveKey(key: Uint8Array, label: string, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const mac = createHmac('sha256', key);
  for (const part of [new TextEncoder().encode(`murmuration/v1/he/${label}`), ...parts])
    mac.update(new Uint8Array(Uint32Array.of(part.length).buffer)).update(part);
  return new Uint8Array(mac.digest());
}
