// A member's key: its share of the collective secret, and what it needs to flood and to mask.
//
//   header | index (2) | threshold (2) | members (2) | flood key (32) | a mask key a member (32 each) |
//     the joint keys that it holds (32 each) | share mod q0 | share mod q1

import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import { deriveKey } from '../sampling/stream.ts';
import type { Sharing } from '../sharing.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, encodeMessage, MessageReader, packRows, u16 } from '../wire/message.ts';
import { dataPrimes, openShare } from './dealing.ts';
import type { KeyGroup } from './group.ts';
import { absentees, sharingOf } from './joint.ts';
import type { PartySecret } from './party.ts';
import { ownIndex, pairKey } from './sealing.ts';

/** Secret. Keep it encrypted; it decrypts nothing without t - 1 others. */
export interface MemberKey {
  /** Id of the key group, 32 bytes. */
  readonly groupId: Uint8Array;
  /** The member's position in the key group, from 0. */
  readonly index: number;
  /** t, the members that it takes to decrypt. */
  readonly threshold: number;
  /** S_j, the sum of all parties' shares to this member, over the two data primes, in NTT form. */
  readonly share: readonly Row[];
  /** Key of the flooding noise, 32 bytes. */
  readonly floodKey: Uint8Array;
  /** One key a member, 32 bytes each, known to the pair alone; the own entry is unused. */
  readonly maskKeys: readonly Uint8Array[];
  /**
   * Keys of the joint flood, 32 bytes each: those of the sets of t - 1 members that this member is not in, in
   * the order of joint.ts; none where the group is too large for a joint flood.
   */
  readonly jointKeys: readonly Uint8Array[];
}

/** The sets whose joint keys a member holds, in the order of {@link MemberKey.jointKeys}. */
export const setsHeld = (sharing: Sharing, index: number): (readonly number[])[] =>
  [...absentees(sharing)].filter((absent) => !absent.includes(index));

/** Everything that was dealt to one member. */
export interface DealtShares {
  /** The member's secret. */
  readonly party: PartySecret;
  /** The group that the member is in. */
  readonly group: KeyGroup;
  /** One sealed share from every member, in any order, the own one included. */
  readonly sealed: readonly Uint8Array[];
}

/**
 * Adds up the shares that were dealt to this member. Forget the party's secret afterwards.
 * @throws HeError `mismatch` where a share is missing or twice there; `wire` or `mismatch` for a bad one.
 */
export function finishKey(context: RingContext, { party, group, sealed }: DealtShares): MemberKey {
  const { ring } = context;
  const index = ownIndex(party, group);
  const share = dataPrimes.map(() => ring.zero());
  const missing = new Set(group.members.map((member) => member.index));
  const joint = new Map<string, Uint8Array>();
  for (const bytes of sealed) {
    const opened = openShare(context, { party, group, own: index, sealed: bytes });
    ensure(
      missing.delete(opened.from),
      'mismatch',
      () => `sealed has two shares from member ${opened.from}, but each member deals one`,
    );
    for (const prime of dataPrimes) ring.add(share[prime]!, opened.share[prime]!, prime);
    for (const [absent, key] of opened.jointKeys) joint.set(absent, key);
  }
  ensure(
    missing.size === 0,
    'mismatch',
    () => `sealed has no share from member ${[...missing].join(', ')}, but every member deals one`,
  );
  const maskKeys = group.members.map(({ index: peer }) =>
    pairKey(party, {
      group,
      peer,
      purpose: 'mask',
      pair: [Math.min(index, peer), Math.max(index, peer)],
    }),
  );
  const floodKey = deriveKey(party.seed, 'flood', group.id);
  const jointKeys = setsHeld(sharingOf(group), index).map((absent) => joint.get(absent.join())!);
  return { groupId: group.id, index, threshold: group.threshold, share, floodKey, maskKeys, jointKeys };
}

/** A member's key as bytes, to be stored encrypted. */
export const encodeMemberKey = ({ params, ring }: RingContext, key: MemberKey): Uint8Array<ArrayBuffer> =>
  encodeMessage(
    'memberKey',
    params,
    key.groupId,
    u16(key.index),
    u16(key.threshold),
    u16(key.maskKeys.length),
    key.floodKey,
    concat(...key.maskKeys),
    concat(...key.jointKeys),
    packRows(ring, key.share, dataPrimes),
  );

/** @throws HeError `wire` or `mismatch` unless `bytes` is a canonical member key of these parameters. */
export function decodeMemberKey({ params, ring }: RingContext, bytes: Uint8Array): MemberKey {
  const reader = new MessageReader(bytes, { kind: 'memberKey', params });
  const [index, threshold, members] = [reader.u16(), reader.u16(), reader.u16()];
  ensure(
    members <= params.maxParties && index < members && threshold >= 2 && threshold <= members,
    'wire',
    () =>
      `a memberKey is of member ${index} of ${members} with threshold ${threshold}, which no key group has`,
  );
  const floodKey = reader.take(32);
  const maskKeys = Array.from({ length: members }, () => reader.take(32));
  const jointKeys = setsHeld({ parties: members, threshold }, index).map(() => reader.take(32));
  const share = reader.rows(ring, ring.n, dataPrimes);
  reader.end();
  return { groupId: reader.context, index, threshold, share, floodKey, maskKeys, jointKeys };
}
