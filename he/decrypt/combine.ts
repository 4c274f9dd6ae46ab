// Combining decryption shares: the sum of a set's shares opens the ciphertext, or an error says why it does
// not.

import type { ChunkVector } from '@murmuration/core';
import { decodeSum } from '../encoding.ts';
import { ensure } from '../errors.ts';
import { dataPrimes } from '../keys/dealing.ts';
import type { KeyGroup } from '../keys/group.ts';
import { digest } from '../keys/party.ts';
import type { Row } from '../ring/ring.ts';
import { decodeCiphertext, type RingContext } from '../wire/ciphertext.ts';
import { equalBytes, headerBytes, hex, MessageReader } from '../wire/message.ts';
import { checkSet, decodeSet } from '../wire/set.ts';

/** A decryption share, read and checked by itself. */
export interface DecryptionShare {
  /** Id of the key group that it says it is of, 32 bytes. */
  readonly groupId: Uint8Array;
  /** SHA-256 of the ciphertext it is for. */
  readonly ciphertext: Uint8Array;
  /** The member that it says it is of, one of `set`. */
  readonly index: number;
  /** The set that it is for: ascending indices below 64. */
  readonly set: readonly number[];
  /** d_j mod q0 and mod q1, in coefficient form. */
  readonly rows: readonly Row[];
}

/** A sum with all that it takes to open it. */
export interface SharedSum {
  /** The group under whose key the sum is. */
  readonly group: KeyGroup;
  /** The ciphertext on the wire. */
  readonly sum: Uint8Array;
  /** t member indices, ascending. */
  readonly set: readonly number[];
  /** One decryption share for this set from each of its members, in any order. */
  readonly shares: readonly Uint8Array[];
}

/** @throws HeError `wire` or `mismatch` unless `bytes` is a canonical share of these parameters. */
export function decodeDecryptionShare({ params, ring }: RingContext, bytes: Uint8Array): DecryptionShare {
  const reader = new MessageReader(bytes, {
    kind: 'decryptionShare',
    params,
    bytes: headerBytes + 42 + params.ciphertextBodyBytes / 2,
  });
  const ciphertext = reader.take(32);
  const index = reader.u16();
  const set = decodeSet(reader.take(8));
  ensure(
    set.includes(index),
    'wire',
    () => `a decryptionShare is of member ${index}, but its set is [${set.join(', ')}]`,
  );
  const rows = reader.rows(ring, ring.n, dataPrimes);
  reader.end();
  return { groupId: reader.context, ciphertext, index, set, rows };
}

function matchingShares(context: RingContext, { group, sum, set, shares }: SharedSum): DecryptionShare[] {
  const sumDigest = digest(sum);
  const missing = new Set(checkSet(set, group.threshold, group.members.length));
  const read = shares.map((bytes) => {
    const share = decodeDecryptionShare(context, bytes);
    const name = `the share of member ${share.index}`;
    ensure(
      equalBytes(share.groupId, group.id),
      'mismatch',
      () => `${name} is of key group ${hex(share.groupId)}, but the sum is of ${hex(group.id)}`,
    );
    ensure(
      equalBytes(share.ciphertext, sumDigest),
      'mismatch',
      () => `${name} is for ciphertext ${hex(share.ciphertext)}, but the sum is ${hex(sumDigest)}`,
    );
    ensure(
      share.set.length === set.length && share.set.every((index, at) => index === set[at]),
      'set',
      () => `${name} is for set [${share.set.join(', ')}], but the set is [${set.join(', ')}]`,
    );
    ensure(missing.delete(share.index), 'set', () => `${name} is there twice`);
    return share;
  });
  ensure(
    missing.size === 0,
    'set',
    () => `shares has none from member ${[...missing].join(', ')}, but every member of the set gives one`,
  );
  return read;
}

/**
 * Opens `sum` with the shares of all members of `set`.
 * @returns K sums s_j = sum w_i u_ij and their blinding, exact if every share is. A share that is off by
 *   multiples of Q / t makes another sum, which only the commitments tell: compare with them before the sum
 *   is used.
 * @throws HeError `wire` or `mismatch` naming a malformed or foreign share; `set` where shares are missing,
 *   are for another set or do not fit together (at least one is wrong: try other sets to find it); `noise`
 *   where they fit but the ciphertext has more noise than honest encryptions; `plaintext` where the values
 *   break the encoding. The last two are the ciphertext's fault if other sets say the same, else a share is
 *   wrong in few coefficients.
 */
export function combineDecryptionShares(context: RingContext, shared: SharedSum): ChunkVector {
  const { ring } = context;
  const { weight, phase } = doubledPhase(context, shared.group, shared.sum);
  for (const share of matchingShares(context, shared))
    for (const prime of dataPrimes) ring.add(phase[prime]!, share.rows[prime]!, prime);
  return decodePhase(context, phase, { weight, set: shared.set });
}

/** The part of a sum that shares are added to: 2 c0, doubled as the shares are, over the data primes. */
export function doubledPhase(
  context: RingContext,
  group: Pick<KeyGroup, 'id'>,
  sum: Uint8Array,
): { weight: number; phase: readonly [Row, Row] } {
  const { ring } = context;
  const { weight, rows } = decodeCiphertext(context, group.id, sum);
  return {
    weight,
    phase: [ring.add(rows[0]!.slice(), rows[0]!, 0), ring.add(rows[1]!.slice(), rows[1]!, 1)],
  };
}

/** Noise beyond which a coefficient cannot be honest, in units of Q / t: parameters.ts keeps all below it. */
export const mostNoise = 7 / 16;

/** What twice a sum and its shares add up to, decoded. */
export function decodePhase(
  { params, ring }: RingContext,
  phase: readonly [Row, Row],
  { weight, set }: { readonly weight: number; readonly set: readonly number[] },
): ChunkVector {
  const { values, noise } = ring.decode(phase, params.plainModulus);
  // Of a uniform result one coefficient in eight is above.
  const above = noise.reduce((count, value) => count + (Math.abs(value) >= mostNoise ? 1 : 0), 0);
  ensure(
    above <= ring.n / 16,
    'set',
    () => `shares of set [${set.join(', ')}] open to noise: at least one, or the ciphertext, is wrong`,
    'Try other sets: the bad member is in every set that fails.',
  );
  ensure(
    above === 0,
    'noise',
    () =>
      `the noise of ${above} coefficients is above the bound: an addend is not an honest encryption, ` +
      'or a share is wrong in few places',
    'Open the sum with another set: if it says the same, the ciphertext is at fault, else a share.',
  );
  return decodeSum(params, values, weight);
}
