// A decryption share of one member for a named set T of t members:
//
//   d_j = lambda_j^T S_j c1 + e_j + sum_{k in T} +-m_jk      (mod Q)
//
// e_j floods: bell-shaped in [-B, B), B some 2^36 or more above the noise of c0 + c1 s, so that the published
// share tells nothing about that noise (CPA^D: Li, Micciancio, EUROCRYPT 2021; flooding: Asharov et al.,
// EUROCRYPT 2012). It is a sum of four uniform integers, not one: t - 1 colluders know all floods of a set but
// one, and each coefficient that lies past the end of a single uniform flood would show its noise to them.
//
// m_jk masks: uniform modulo Q, known to j and k alone, added by the lower index and subtracted by the
// higher, so they cancel in the sum. Without them d_j for three sets would be lambda x + e with one x = S_j
// c1, three known lambda and e 33 bits shorter than Q: a hidden number problem (Boneh, Venkatesan 1996) that
// lattice reduction solves, and then S_j is known. With them single shares are uniform, and only their sum,
// c1 s + sum e_j, shows.
//
// e_j and m_jk are pseudorandom functions of c1 and set alone: asked twice, also for a ciphertext that
// differs in c0 or weight only, a member says the same. Otherwise each such copy would flood the same c1 s
// anew.
//
//   header | SHA-256 of the ciphertext (32) | member (2) | set (8) | d_j mod q0 | d_j mod q1

import { ensure } from '../errors.ts';
import { dataPrimes } from '../keys/dealing.ts';
import type { MemberKey } from '../keys/member.ts';
import { digest } from '../keys/party.ts';
import { floodingHigh, floodingLowBits, floodingSummands } from '../parameters.ts';
import { lagrangeAtZero, type Row } from '../ring/ring.ts';
import { type ByteStream, deriveKey, keyedStream } from '../sampling/stream.ts';
import { decodeCiphertext, type RingContext } from '../wire/ciphertext.ts';
import { encodeMessage, packRows, u16 } from '../wire/message.ts';
import { checkSet, encodeSet } from '../wire/set.ts';
import type { DecryptionLog } from './log.ts';

/** What flood and masks of one share depend on. */
export interface ShareOrigin {
  readonly key: MemberKey;
  /** SHA-256 of c1, packed. */
  readonly c1Digest: Uint8Array;
  readonly set: readonly number[];
}

/** What a member is asked to decrypt, and its record of what it has decrypted. */
export interface DecryptionRequest {
  /** The member's own. */
  readonly key: MemberKey;
  /** A ciphertext on the wire that the member has made or recomputed itself. */
  readonly sum: Uint8Array;
  /** t member indices, ascending, this member's among them. */
  readonly set: readonly number[];
  /** The member's own, persistent log. */
  readonly log: DecryptionLog;
}

/** This member's flood for a set, as residues modulo the data primes. */
export function floodingRows(context: RingContext, { key, c1Digest, set }: ShareOrigin): Row[] {
  const stream = keyedStream(deriveKey(key.floodKey, 'flood', c1Digest, encodeSet(set)));
  return bellFlood(context, stream, floodingHigh(context.params, key.maskKeys.length, key.threshold));
}

/**
 * The sum of four uniform integers in [-high 2^24, high 2^24) a coefficient, as residues modulo the data
 * primes.
 */
export function bellFlood({ ring }: RingContext, stream: ByteStream, high: bigint): Row[] {
  const bound = high << floodingLowBits;
  if (bound < 1n << 60n) {
    const words = ring.uniform(stream, 2n * bound);
    for (let more = 1; more < floodingSummands; more++)
      ring.addWords(words, ring.uniform(stream, 2n * bound));
    return dataPrimes.map((prime) => ring.reduceFrom(words, BigInt(floodingSummands) * bound, prime));
  }
  // Larger moduli: in two words each.
  const flood = dataPrimes.map(() => ring.zero());
  for (let summand = 0; summand < floodingSummands; summand++) {
    const highRow = ring.uniform(stream, 2n * high);
    const lowRow = ring.uniform(stream, 1n << floodingLowBits);
    for (const prime of dataPrimes) {
      const drawn = ring.reduceFrom(highRow, high, prime);
      ring.add(flood[prime]!, ring.scaleAdd(drawn, 1n << floodingLowBits, lowRow, prime), prime);
    }
  }
  return flood;
}

/** What of a sum a member decrypts. */
export interface KeyProduct {
  /** SHA-256 of c1, packed: floods and masks are functions of it. */
  readonly c1Digest: Uint8Array;
  /** S_j c1 modulo the data primes, in coefficient form. */
  readonly rows: readonly Row[];
}

/** The product of a member's share of the secret with a sum's c1. */
export function keyProduct(context: RingContext, key: MemberKey, sum: Uint8Array): KeyProduct {
  const { ring } = context;
  const c1 = decodeCiphertext(context, key.groupId, sum).rows.slice(2);
  const c1Digest = digest(packRows(ring, c1, dataPrimes));
  const rows = c1.map((row, prime) =>
    ring.inverse(ring.multiply(ring.forward(row, prime), key.share[prime]!, prime), prime),
  );
  return { c1Digest, rows };
}

/** Adds this member's masks for the set to `rows`. They cancel over the set. */
function addMasks({ ring }: RingContext, { key, c1Digest, set }: ShareOrigin, rows: readonly Row[]): void {
  for (const peer of set) {
    if (peer === key.index) continue;
    const stream = keyedStream(deriveKey(key.maskKeys[peer]!, 'mask', c1Digest, encodeSet(set)));
    for (const prime of dataPrimes) {
      const mask = ring.uniformRow(stream, prime);
      if (key.index < peer) ring.add(rows[prime]!, mask, prime);
      else ring.subtract(rows[prime]!, mask, prime);
    }
  }
}

/**
 * This member's share of the decryption of `sum` for `set`; the same bytes at every call.
 *
 * Caller must have made or recomputed `sum` itself from ciphertexts that it accepts: a share for a ciphertext
 * of an attacker's choice opens it, and one crafted for the purpose tells about the key.
 * @throws HeError `argument` for a bad set, `wire` or `mismatch` for a bad ciphertext, `limit` after eight
 *   sets.
 */
export function decryptionShare(
  context: RingContext,
  { key, sum, set, log }: DecryptionRequest,
): Uint8Array<ArrayBuffer> {
  const { params, ring } = context;
  checkSet(set, key.threshold, key.maskKeys.length);
  ensure(
    set.includes(key.index),
    'argument',
    () => `set is [${set.join(', ')}], but this member is ${key.index}`,
  );
  const { c1Digest, rows } = keyProduct(context, key, sum);
  log.record(c1Digest, encodeSet(set));
  const points = set.map((index) => index + 1);
  const flooding = floodingRows(context, { key, c1Digest, set });
  const parts = rows.map((product, prime) => {
    const q = params.primes[prime]!;
    // Twice: the sum is doubled before it is decrypted, whatever is odd about it.
    const factor = (2n * lagrangeAtZero(key.index + 1, points, q)) % q;
    return ring.scaleAdd(product, factor, flooding[prime]!, prime);
  });
  addMasks(context, { key, c1Digest, set }, parts);
  return encodeMessage(
    'decryptionShare',
    params,
    key.groupId,
    digest(sum),
    u16(key.index),
    encodeSet(set),
    packRows(ring, parts, dataPrimes),
  );
}
