// The key group: who takes part, in which order, with which threshold, under which collective key.

import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, equalBytes, hex, u16 } from '../wire/message.ts';
import { checkEpoch, commonPolynomial, decodeKeyShare, digest, keyPrimes } from './party.ts';

/** A member as it was announced, before any key share was shown. */
export interface Announcement {
  readonly identity: Uint8Array;
  /** SHA-256 of its key share: the commitment. */
  readonly digest: Uint8Array;
}

export interface Member extends Announcement {
  /** Position in the key group, from 0; its evaluation point is index + 1. */
  readonly index: number;
  readonly sealingKey: Uint8Array;
}

export interface KeyGroup {
  /** Binds parameters, epoch, threshold, the members, their order and their key shares. */
  readonly id: Uint8Array;
  readonly epoch: Uint8Array;
  /** t, the members that it takes to decrypt; 2 <= t <= n. */
  readonly threshold: number;
  readonly members: readonly Member[];
  /** The collective public key: b over the three primes, then a, in NTT form. */
  readonly publicKey: readonly Row[];
}

export interface KeyGroupInput {
  readonly epoch: Uint8Array;
  readonly threshold: number;
  /** In the order that all agree on. All must have been announced before the first key share was shown. */
  readonly members: readonly Announcement[];
  /** The members' key shares, in the same order. */
  readonly keyShares: readonly Uint8Array[];
}

/**
 * Combines key shares into the collective key.
 *
 * Whoever publishes b_i last could choose it so that the sum is a key of its own. So each share must be the one whose
 * digest its member announced; with all announcements made before the first share is shown, nobody chooses last.
 * @throws HeError `argument` for a bad threshold or roster, `wire` or `mismatch` for a bad share, naming the member.
 */
export function formKeyGroup(context: RingContext, input: KeyGroupInput): KeyGroup {
  const { params, ring } = context;
  const { members, keyShares, threshold } = input;
  const epoch = checkEpoch(input.epoch);
  ensure(
    members.length >= 2 && members.length <= params.maxParties,
    'argument',
    () => `members: ${members.length} of them, '${params.name}' takes 2 to ${params.maxParties}`,
  );
  ensure(
    Number.isInteger(threshold) && threshold >= 2 && threshold <= members.length,
    'argument',
    () =>
      `threshold = ${threshold}: take an integer from 2 to n = ${members.length}; with 1, anyone decrypts alone`,
  );
  ensure(
    keyShares.length === members.length,
    'argument',
    () => `keyShares: ${keyShares.length} for ${members.length} members`,
  );
  const a = commonPolynomial(context, epoch);
  const b = keyPrimes.map(() => ring.zero());
  const identities = new Set<string>();
  const sealingKeys = new Set<string>();
  const joined = members.map((member, index): Member => {
    const name = `member ${index} (${hex(member.identity)})`;
    const found = digest(keyShares[index]!);
    ensure(
      equalBytes(found, member.digest),
      'mismatch',
      () => `${name}: its key share has digest ${hex(found)}, announced was ${hex(member.digest)}`,
    );
    const share = decodeKeyShare(context, keyShares[index]!);
    ensure(
      equalBytes(share.epoch, epoch),
      'mismatch',
      () => `${name}: its key share is of epoch ${hex(share.epoch)}, not ${hex(epoch)}`,
    );
    ensure(
      equalBytes(share.identity, member.identity),
      'mismatch',
      () => `${name}: its key share is of party ${hex(share.identity)}`,
    );
    identities.add(hex(share.identity));
    sealingKeys.add(hex(share.sealingKey));
    for (const prime of keyPrimes) ring.add(b[prime]!, share.b[prime]!, prime);
    return { index, identity: share.identity, digest: found, sealingKey: share.sealingKey };
  });
  ensure(identities.size === members.length, 'mismatch', () => 'members: an identity occurs twice');
  ensure(sealingKeys.size === members.length, 'mismatch', () => 'members: a sealing key occurs twice');
  const label = new TextEncoder().encode('murmuration/v1/he/federation');
  const digests = joined.map((member) => member.digest);
  const id = digest(concat(label, params.id, epoch, u16(threshold), u16(members.length), ...digests));
  return { id, epoch: new Uint8Array(epoch), threshold, members: joined, publicKey: [...b, ...a] };
}
