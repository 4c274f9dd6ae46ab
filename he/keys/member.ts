// A member's key: its share of the collective secret, and what it needs to flood and to mask.

import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import { deriveKey } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, encodeMessage, MessageReader, packRows, u16 } from '../wire/message.ts';
import { dataPrimes, openShare } from './dealing.ts';
import type { Federation } from './federation.ts';
import type { PartySecret } from './party.ts';
import { ownIndex, pairKey } from './sealing.ts';

/** Secret. Keep it encrypted; it decrypts nothing without t - 1 others. */
export interface MemberKey {
  readonly federation: Uint8Array;
  readonly index: number;
  readonly threshold: number;
  /** S_j, the sum of all parties' shares to this member, over the two data primes, in NTT form. */
  readonly share: readonly Row[];
  /** Key of the flooding noise. */
  readonly floodKey: Uint8Array;
  /** One key a member, known to the pair alone; the own entry is unused. */
  readonly maskKeys: readonly Uint8Array[];
}

/**
 * Adds up the shares that were dealt to this member. Forget the party's secret afterwards.
 * @param sealed one sealed share from every member, in any order, the own one included.
 * @throws HeError `mismatch` where one is missing or twice there; `wire` or `mismatch` for a bad one.
 */
export function finishKey(
  context: RingContext,
  party: PartySecret,
  federation: Federation,
  sealed: readonly Uint8Array[],
): MemberKey {
  const { ring } = context;
  const index = ownIndex(context, party, federation);
  const share = dataPrimes.map(() => ring.zero());
  const missing = new Set(federation.members.map((member) => member.index));
  for (const bytes of sealed) {
    const opened = openShare(context, party, federation, index, bytes);
    ensure(missing.delete(opened.from), 'mismatch', () => `sealed: two shares from member ${opened.from}`);
    for (const prime of dataPrimes) ring.add(share[prime]!, opened.share[prime]!, prime);
  }
  ensure(missing.size === 0, 'mismatch', () => `sealed: no share from member ${[...missing].join(', ')}`);
  const maskKeys = federation.members.map(({ index: peer }) =>
    pairKey(party, federation, peer, 'mask', [Math.min(index, peer), Math.max(index, peer)]),
  );
  const floodKey = deriveKey(party.seed, 'flood', federation.id);
  return { federation: federation.id, index, threshold: federation.threshold, share, floodKey, maskKeys };
}

export const encodeMemberKey = ({ params, ring }: RingContext, key: MemberKey): Uint8Array<ArrayBuffer> =>
  encodeMessage(
    'memberKey',
    params,
    key.federation,
    u16(key.index),
    u16(key.threshold),
    u16(key.maskKeys.length),
    key.floodKey,
    concat(...key.maskKeys),
    packRows(ring, key.share, dataPrimes),
  );

export function decodeMemberKey({ params, ring }: RingContext, bytes: Uint8Array): MemberKey {
  const reader = new MessageReader(bytes, 'memberKey', params);
  const [index, threshold, members] = [reader.u16(), reader.u16(), reader.u16()];
  ensure(
    members <= params.maxParties && index < members && threshold >= 2 && threshold <= members,
    'wire',
    () => `memberKey: member ${index} of ${members} with threshold ${threshold}`,
  );
  const floodKey = reader.take(32);
  const maskKeys = Array.from({ length: members }, () => reader.take(32));
  const share = reader.rows(ring, ring.n, dataPrimes);
  reader.end();
  return { federation: reader.context, index, threshold, share, floodKey, maskKeys };
}
