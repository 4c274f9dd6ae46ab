// The key group: who takes part, in which order, with which threshold, under which collective key.

import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import { keyPrimes, type PublicKey, type RingContext } from '../wire/ciphertext.ts';
import { concat, equalBytes, hex, u16 } from '../wire/message.ts';
import { checkEpoch, commonPolynomial, decodeKeyShare, digest, type KeyShare } from './party.ts';
import { proofKey, verifyKeyShare } from './share_proof.ts';

/** A member as it was announced, before any key share was shown. */
export interface Announcement {
  /** 1 to 64 bytes that name the party, as in its secret. */
  readonly identity: Uint8Array;
  /** SHA-256 of its key share: the commitment. */
  readonly digest: Uint8Array;
}

/** A member whose key share was shown and counts. */
export interface Member extends Announcement {
  /** Position in the key group, from 0; its evaluation point is index + 1. */
  readonly index: number;
  /** X25519 public key, 32 bytes, to which the others seal what they deal to it. */
  readonly sealingKey: Uint8Array;
}

/** The parties of one key, and the key. All of it is public, and every party computes the same. */
export interface KeyGroup extends PublicKey {
  /** 32 bytes that bind parameters, epoch, threshold, the members, their order and their key shares. */
  readonly id: Uint8Array;
  /** The 32 bytes that name the key generation. */
  readonly epoch: Uint8Array;
  /** t, the members that it takes to decrypt; 2 <= t <= n. */
  readonly threshold: number;
  /** n members in the order that all agreed on. */
  readonly members: readonly Member[];
  /** The collective public key: b over the three primes, then a, in NTT form. */
  readonly publicKey: readonly Row[];
}

/** What a key group is formed from. */
export interface KeyGroupInput {
  /** 32 bytes, the parties' own. */
  readonly epoch: Uint8Array;
  /** t, from 2 to the number of members. */
  readonly threshold: number;
  /**
   * 2 to `maxParties`, in the order that all agree on, all announced before the first key share was shown.
   */
  readonly members: readonly Announcement[];
  /** The members' key shares as `keyShare` gave them, in the same order. */
  readonly keyShares: readonly Uint8Array[];
}

/**
 * Digests of shares whose proof held. Parameters and epoch are in the bytes, so a digest stands for all of
 * it; whoever forms a group step by step checks each proof once.
 */
const proven = new Set<string>();

/**
 * Combines key shares into the collective key.
 *
 * The party that publishes b_i last could choose it so that the sum is a key of its own. So each share must
 * be the one whose digest its member announced; with all announcements made before the first share is shown,
 * nobody chooses last. And the party whose share is made of large numbers would read the sum's randomness from
 * its noise: so each share's proof is checked.
 * @throws HeError `argument` for a bad threshold or roster; `wire`, `mismatch` or `proof` for a bad share,
 *   naming the member.
 */
export function formKeyGroup(context: RingContext, input: KeyGroupInput): KeyGroup {
  const { params, ring } = context;
  const { members, keyShares, threshold } = input;
  const epoch = checkEpoch(input.epoch);
  ensure(
    members.length >= 2 && members.length <= params.maxParties,
    'argument',
    () => `members are ${members.length}, but '${params.name}' takes 2 to ${params.maxParties}`,
  );
  ensure(
    Number.isInteger(threshold) && threshold >= 2 && threshold <= members.length,
    'argument',
    () => `threshold is ${threshold}, but it is an integer from 2 to n = ${members.length}`,
    'With a threshold of 1 each member would decrypt alone: take more.',
  );
  ensure(
    keyShares.length === members.length,
    'argument',
    () => `keyShares are ${keyShares.length} for ${members.length} members, but each member has one`,
  );
  const a = commonPolynomial(context, epoch);
  const b = keyPrimes.map(() => ring.zero());
  const identities = new Set<string>();
  const sealingKeys = new Set<string>();
  const shares: KeyShare[] = [];
  const nameOf = (index: number) => `the key share of member ${index} (${hex(members[index]!.identity)})`;
  const joined = members.map((member, index): Member => {
    const found = digest(keyShares[index]!);
    ensure(
      equalBytes(found, member.digest),
      'mismatch',
      () => `${nameOf(index)} has digest ${hex(found)}, but ${hex(member.digest)} was announced`,
    );
    const { identity } = member;
    const share = readKeyShare(context, { epoch, identity, keyShare: keyShares[index]! }, nameOf(index));
    shares.push(share);
    identities.add(hex(share.identity));
    sealingKeys.add(hex(share.sealingKey));
    for (const prime of keyPrimes) ring.add(b[prime]!, share.b[prime]!, prime);
    return { index, identity: share.identity, digest: found, sealingKey: share.sealingKey };
  });
  ensure(identities.size === members.length, 'mismatch', () => 'members: an identity occurs twice');
  ensure(sealingKeys.size === members.length, 'mismatch', () => 'members: a sealing key occurs twice');
  // One for all: what is prepared of it is kept by it.
  const key = proofKey(epoch, a);
  for (const [index, share] of shares.entries())
    ensureProven(context, () => key, {
      share,
      digest: joined[index]!.digest,
      name: nameOf(index),
    });
  const label = new TextEncoder().encode('murmuration/v1/he/federation');
  const digests = joined.map((member) => member.digest);
  const id = digest(concat(label, params.id, epoch, u16(threshold), u16(members.length), ...digests));
  return { id, epoch: new Uint8Array(epoch), threshold, members: joined, publicKey: [...b, ...a] };
}

/** A key share as one party shows it, and whose it is to be. */
export interface ShownKeyShare {
  /** 32 bytes, the parties' own. */
  readonly epoch: Uint8Array;
  /** 1 to 64 bytes that name the party. */
  readonly identity: Uint8Array;
  /** As `keyShare` gave it. */
  readonly keyShare: Uint8Array;
}

/**
 * Checks one party's key share by itself: it is of this epoch and party, and made of small numbers.
 * @throws HeError `wire`, `mismatch` or `proof` where it is not.
 */
export function checkKeyShare(context: RingContext, shown: ShownKeyShare): void {
  const epoch = checkEpoch(shown.epoch);
  const name = `the key share of ${hex(shown.identity)}`;
  const share = readKeyShare(context, { ...shown, epoch }, name);
  const key = () => proofKey(epoch, commonPolynomial(context, epoch));
  ensureProven(context, key, { share, digest: digest(shown.keyShare), name });
}

/** A key share of the epoch and the party that it is to be of; its proof is not looked at. */
function readKeyShare(context: RingContext, shown: ShownKeyShare, name: string): KeyShare {
  const share = decodeKeyShare(context, shown.keyShare);
  ensure(
    equalBytes(share.epoch, shown.epoch),
    'mismatch',
    () => `${name} is of epoch ${hex(share.epoch)}, but the key is of ${hex(shown.epoch)}`,
  );
  ensure(
    equalBytes(share.identity, shown.identity),
    'mismatch',
    () => `${name} is of party ${hex(share.identity)}`,
  );
  return share;
}

/** @throws HeError `proof` unless the share's proof holds, now or before. */
function ensureProven(
  context: RingContext,
  key: () => PublicKey,
  { share, digest, name }: { readonly share: KeyShare; readonly digest: Uint8Array; readonly name: string },
): void {
  const known = hex(digest);
  ensure(
    proven.has(known) || verifyKeyShare(context, key(), share),
    'proof',
    () => `the proof of ${name} does not hold, but a key share shows that it is made of small numbers`,
    'Exclude the member.',
  );
  proven.add(known);
}
