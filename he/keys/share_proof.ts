// The proof that a key share is made of small numbers: b = -(a s + e).
//
// Without it a party takes an e (or an s) so large that the noise of every sum shows e times the sum's
// randomness above the flooding, and sums still open: from a sum of two updates of different weights it reads
// the randomness of each, and with it the updates.
//
// -b, divided by the special prime and rounded, is the c1 of an encryption under a whose randomness is (s, e):
// P c1 = a s + d, d = e - [-b]_P. So the encryption proof proves it, for the key (a, a) and the ciphertext
// (c1, c1) of 0. By the theorem (docs/proofs/encryption.md, section 5), 2 b = -(a s* + e*) with
// |s*| <= 2^a g and |e*| < 2^(a - 1) P 2^m + P.

import { createHash } from 'node:crypto';
import { HeError } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import type { ByteStream } from '../sampling/stream.ts';
import { divideBySpecial } from '../wellformed/encrypt.ts';
import { proveEncryption } from '../wellformed/prove.ts';
import { checkEncryption } from '../wellformed/verify.ts';
import { encodeCiphertext, keyPrimes, type PublicKey, type RingContext } from '../wire/ciphertext.ts';
import { concat, packRows } from '../wire/message.ts';

/** What a party shows of its key, but for the proof. */
export interface ShownShare {
  /** 32 bytes that name the key generation. */
  readonly epoch: Uint8Array;
  readonly identity: Uint8Array;
  /** X25519 public key, 32 bytes. */
  readonly sealingKey: Uint8Array;
  /** b over the three primes, in NTT form. */
  readonly b: readonly Row[];
}

/** The key (a, a) of an epoch. One object for all its shares: what is prepared of it is kept by it. */
export const proofKey = (epoch: Uint8Array, a: readonly Row[]): PublicKey => ({
  id: epoch,
  publicKey: [...a, ...a],
});

/**
 * What the proof is good for: this b to its last bit, which dividing by P drops, and this party with this
 * sealing key.
 */
function bindingOf({ ring }: RingContext, { identity, sealingKey, b }: ShownShare): Uint8Array {
  const whole = createHash('sha256')
    .update(packRows(ring, b, keyPrimes))
    .digest();
  return concat(new TextEncoder().encode('murmuration/v2/he/key-share'), whole, sealingKey, identity);
}

/** The share as a ciphertext (c1, c1), and [-b]_P. */
function asCiphertext(context: RingContext, { epoch, b }: ShownShare) {
  const { ring } = context;
  const negated = keyPrimes.map((prime) => ring.inverse(ring.subtract(ring.zero(), b[prime]!, prime), prime));
  const { rows, dropped } = divideBySpecial(context, negated);
  return { ciphertext: encodeCiphertext(context, epoch, { weight: 1, rows: [...rows, ...rows] }), dropped };
}

/** The proof of a share, from its secret. @param secret with `stream` for the masks of this proof alone. */
export function proveKeyShare(
  context: RingContext,
  shown: ShownShare,
  secret: {
    readonly a: readonly Row[];
    readonly s: Int32Array;
    readonly e: Int32Array;
    readonly stream: ByteStream;
  },
): Uint8Array<ArrayBuffer> {
  const { a, s, e, stream } = secret;
  const { ciphertext, dropped } = asCiphertext(context, shown);
  const residual = e.map((value, j) => value - dropped[j]!);
  const witness = { u: s, residuals: [residual, residual], rounding: new Int32Array(s.length) } as const;
  return proveEncryption(context, {
    group: proofKey(shown.epoch, a),
    ciphertexts: [ciphertext],
    witnesses: [witness],
    binding: bindingOf(context, shown),
    stream,
  });
}

/** Whether a share's proof holds. @param key what {@link proofKey} gave for the share's epoch. */
export function verifyKeyShare(
  context: RingContext,
  key: PublicKey,
  share: ShownShare & { readonly proof: Uint8Array },
): boolean {
  const { ciphertext } = asCiphertext(context, share);
  try {
    const { proof } = share;
    checkEncryption(context, {
      group: key,
      ciphertexts: [ciphertext],
      proof,
      binding: bindingOf(context, share),
    });
    return true;
  } catch (error) {
    if (error instanceof HeError) return false;
    throw error;
  }
}
