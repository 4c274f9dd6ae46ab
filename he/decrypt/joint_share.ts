// A joint decryption share: one member's point of a polynomial that opens a sum for everyone, whoever else
// gives a share.
//
//   y_j = 2 S_j c1 + sum_A phi_A(j) E_A     (mod Q), over the sets A of t - 1 members without j
//
// E_A is bell-shaped in [-B, B), a pseudorandom function of A and c1 under the key that the members of A lack,
// and phi_A the polynomial of degree t - 1 that is 1 at 0 and 0 at the points of A (keys/joint.ts). So the y_j of
// all members lie on one polynomial of degree t - 1 whose value at 0 is 2 c1 s + sum_A E_A: any t of them
// open the sum, and with more of them wrong ones show.
//
// What t - 1 members and everybody else learn is that value and nothing more. Give them all but the one key
// that they lack, and let A be their own set: the others' shares are points of a polynomial of which they
// know t - 1 points, 2 S_k c1 for k in A, so each of these shares is a known function of the value at 0; and
// that value is flooded by E_A. Shares for c1 are the same however often and by whomever they are asked for:
// a c1 is flooded once, so nothing has to be logged, and no mask is needed.
//
//   header | SHA-256 of the ciphertext (32) | member (2) | y_j mod q0 | y_j mod q1

import { ensure } from '../errors.ts';
import { dataPrimes } from '../keys/dealing.ts';
import { type MemberKey, setsHeld } from '../keys/member.ts';
import { digest } from '../keys/party.ts';
import { jointFloodingHigh } from '../parameters.ts';
import type { Row } from '../ring/ring.ts';
import { deriveKey, keyedStream } from '../sampling/stream.ts';
import { jointKeys } from '../sharing.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { encodeMessage, headerBytes, MessageReader, packRows, u16 } from '../wire/message.ts';
import { encodeSet } from '../wire/set.ts';
import { pointTable } from './points.ts';
import { bellFlood, keyProduct } from './share.ts';

/** What a member is asked to decrypt. */
export interface JointRequest {
  /** The member's own. */
  readonly key: MemberKey;
  /** A ciphertext on the wire that the member has made or recomputed itself. */
  readonly sum: Uint8Array;
}

/** A joint share, read and checked by itself. */
export interface JointShare {
  /** Id of the key group that it says it is of, 32 bytes. */
  readonly groupId: Uint8Array;
  /** SHA-256 of the ciphertext it is for. */
  readonly ciphertext: Uint8Array;
  /** The member that it says it is of. */
  readonly index: number;
  /** y_j mod q0 and mod q1, in coefficient form. */
  readonly rows: readonly Row[];
}

/**
 * This member's joint share of the decryption of `sum`; the same bytes at every call.
 *
 * Caller must have made or recomputed `sum` itself from ciphertexts that it accepts: a share for a ciphertext
 * of an attacker's choice opens it, and one crafted for the purpose tells about the key.
 * @throws HeError `argument` where the group is too large for joint shares, `wire` or `mismatch` for a bad
 *   ciphertext.
 */
export function jointShare(context: RingContext, { key, sum }: JointRequest): Uint8Array<ArrayBuffer> {
  const { params, ring } = context;
  const sharing = { parties: key.maskKeys.length, threshold: key.threshold };
  const count = jointKeys(sharing);
  ensure(
    count > 0,
    'argument',
    () =>
      `the key is of ${sharing.threshold} of ${sharing.parties} members, but joint shares need fewer keys`,
    'Decrypt in sets: `decryptionShare`.',
  );
  const { c1Digest, rows } = keyProduct(context, key, sum);
  const parts = rows.map((row, prime) => ring.add(row.slice(), row, prime));
  const high = jointFloodingHigh(params, sharing.parties, count);
  const points = dataPrimes.map((prime) => pointTable(params.primes[prime]!, sharing.parties));
  for (const [at, absent] of setsHeld(sharing, key.index).entries()) {
    // The set is part of it, as its maker could else hand out one key for all sets: floods that are alike add up.
    const stream = keyedStream(deriveKey(key.jointKeys[at]!, 'joint-flood', encodeSet(absent), c1Digest));
    const flood = bellFlood(context, stream, high);
    for (const prime of dataPrimes)
      parts[prime] = ring.scaleAdd(
        flood[prime]!,
        points[prime]!.vanishing(absent, key.index),
        parts[prime]!,
        prime,
      );
  }
  return encodeMessage(
    'jointShare',
    params,
    key.groupId,
    digest(sum),
    u16(key.index),
    packRows(ring, parts, dataPrimes),
  );
}

/** @throws HeError `wire` or `mismatch` unless `bytes` is a canonical joint share of these parameters. */
export function decodeJointShare({ params, ring }: RingContext, bytes: Uint8Array): JointShare {
  const reader = new MessageReader(bytes, {
    kind: 'jointShare',
    params,
    bytes: headerBytes + 34 + params.ciphertextBodyBytes / 2,
  });
  const [ciphertext, index] = [reader.take(32), reader.u16()];
  const rows = reader.rows(ring, ring.n, dataPrimes);
  reader.end();
  return { groupId: reader.context, ciphertext, index, rows };
}
