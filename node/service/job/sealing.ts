// Contents sealed for a service: whoever knows its sealing key seals, its agents alone open. X25519 with a key of this
// one message, HKDF-SHA-256, XChaCha20-Poly1305, as RFC 9180 puts them together, with what the content is for as
// authenticated data.

import { publicKeyOf, sharedSecret } from '@murmuration/core/x25519';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { NodeError } from '../../errors.ts';
import type { ServedCircuit } from './circuits.ts';

/** Bytes of a sealing key. */
export const sealingKeyBytes = 32;
const format = 1;
const tagBytes = 16;
const overhead = 1 + sealingKeyBytes + tagBytes;

/** What a content is for: sealed for one owner and circuit it opens for no other. */
export interface Purpose {
  /** The name of the token that submits it. */
  readonly owner: string;
  readonly served: ServedCircuit;
}

const text = (value: string) => new TextEncoder().encode(value);

const dataOf = ({ owner, served: { circuit, preset, keys } }: Purpose) =>
  text(JSON.stringify(['murmuration/v1/service/job', owner, circuit, preset, keys]));

/**
 * The sealed bytes: format 1 | public key of the message 32 | ciphertext and tag. The message's key follows from secret,
 * purpose and content, so that the same content of the same sender is the same bytes, and without the secret nobody can
 * check a guess of it.
 *
 * @param to the service's sealing key.
 * @param secret of the sender, such as its token.
 */
export function sealContent(
  to: Uint8Array,
  purpose: Purpose,
  { content, secret }: { readonly content: Uint8Array; readonly secret: Uint8Array },
): Uint8Array {
  const data = dataOf(purpose);
  const own = hmac
    .create(sha256, hkdf(sha256, secret, undefined, text('murmuration/v1/service/message-key'), 32))
    .update(to)
    .update(Uint8Array.of(data.length & 0xff, data.length >> 8))
    .update(data)
    .update(content)
    .digest();
  const mine = publicKeyOf(own);
  const sealed = cipherOf(sharedSecret(own, to), { to, mine }, data).encrypt(content);
  const box = new Uint8Array(overhead - tagBytes + sealed.length);
  box[0] = format;
  box.set(mine, 1);
  box.set(sealed, 1 + sealingKeyBytes);
  return box;
}

/**
 * The content again; the caller overwrites it after use.
 *
 * @param secret of the sealing key.
 * @throws NodeError `input` for bytes that were sealed for another purpose or key, or altered.
 */
export function openContent(secret: Uint8Array, purpose: Purpose, box: Uint8Array): Uint8Array {
  try {
    if (box.length < overhead || box[0] !== format) throw new Error('no box of this format');
    const mine = box.subarray(1, 1 + sealingKeyBytes);
    const shared = sharedSecret(secret, mine);
    const cipher = cipherOf(shared, { to: publicKeyOf(secret), mine }, dataOf(purpose));
    return cipher.decrypt(box.subarray(1 + sealingKeyBytes));
  } catch (cause) {
    throw new NodeError('input', 'the inputs were sealed for another service, owner or circuit, or altered', {
      cause,
    });
  }
}

/** The key serves one message, so that its nonce may be 0. */
function cipherOf(
  shared: Uint8Array,
  { to, mine }: { readonly to: Uint8Array; readonly mine: Uint8Array },
  data: Uint8Array,
) {
  const key = hkdf(
    sha256,
    shared,
    new Uint8Array([...mine, ...to]),
    text('murmuration/v1/service/content'),
    32,
  );
  return xchacha20poly1305(key, new Uint8Array(24), data);
}
