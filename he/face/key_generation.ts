// What parties call to come to a key that nobody holds.

import type { ReceivedReceipt, ReceivedShare } from '../keys/dealing.ts';
import type { KeyGroup, KeyGroupInput, ShownKeyShare } from '../keys/group.ts';
import type { DealtShares, MemberKey } from '../keys/member.ts';
import type { KeyShare, PartySecret } from '../keys/party.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Key generation: each party announces the digest of its key share, shows the share, deals its secret to all,
 * and adds up what was dealt to it. The parties are called members once the group is formed.
 *
 * Every message follows from the party's seed and from public data, so a party that restarts repeats itself
 * byte for byte. Mouchet, Troncoso-Pastoriza, Bossuat, Hubaux (PoPETs 2021), EncKeyGen; shared as in Mouchet,
 * Bertrand, Hubaux (2022).
 *
 * @example
 * ```ts
 * import { createHe, digest } from '@murmuration/he';
 *
 * const he = await createHe('tiny');
 * const epoch = digest(new TextEncoder().encode('one key generation'));
 * const parties = ['ann', 'bob', 'eve'].map((name) => he.createParty(epoch, new TextEncoder().encode(name)));
 * const keyShares = parties.map((party) => he.keyShare(party));
 * // Each digest is announced before the first share is shown.
 * const members = parties.map(({ identity }, i) => ({ identity, digest: digest(keyShares[i]!) }));
 * const group = he.formKeyGroup({ epoch, threshold: 2, members, keyShares });
 *
 * const dealt = parties.map((party) => he.dealShares(party, group));
 * const receipt = he.acceptShare({ party: parties[1]!, group, sealed: dealt[0]![1]! });
 * he.checkReceipt({ party: parties[0]!, group, to: 1, sealed: dealt[0]![1]!, receipt });
 *
 * const keys = parties.map((party, i) => {
 *   const sealed = dealt.map((shares) => shares[i]!);
 *   return he.finishKey({ party, group, sealed });
 * });
 * console.log(keys.map(({ index }) => index)); // [ 0, 1, 2 ]
 * ```
 */
export interface KeyGeneration {
  /**
   * A fresh secret of one party for one key generation. A trainer calls it once an epoch and stores the
   * result encrypted before it announces anything.
   * @param epoch 32 bytes that name the key generation. @param identity 1 to 64 bytes that name the party.
   * @throws HeError `argument` for other lengths.
   */
  createParty(epoch: Uint8Array, identity: Uint8Array): PartySecret;

  /** A party's secret as bytes, 101 and the identity's, for the party's own encrypted storage. */
  encodeParty(party: PartySecret): Bytes;

  /**
   * The inverse of {@link encodeParty}, after a restart.
   * @throws HeError `wire`, `mismatch` or `argument` for any other bytes.
   */
  decodeParty(bytes: Uint8Array): PartySecret;

  /** The party's X25519 public key, 32 bytes, as its key share shows it: dealings to it are sealed to that. */
  sealingKey(party: PartySecret): Uint8Array;

  /**
   * What the party shows of its key, with the proof that it is made of small numbers: 141,515 bytes and the
   * identity's in `base`; the same at every call. Its SHA-256 is announced first; the share is shown when
   * every party has announced.
   */
  keyShare(party: PartySecret): Bytes;

  /**
   * Reads anyone's key share.
   * @throws HeError `wire` or `mismatch` unless it is a canonical one of these parameters.
   */
  decodeKeyShare(bytes: Uint8Array): KeyShare;

  /**
   * Checks one party's key share by itself, before the others' are there: it is of this epoch and party, and its proof
   * holds.
   * @throws HeError `wire`, `mismatch` or `proof` where it is not.
   */
  checkKeyShare(shown: ShownKeyShare): void;

  /**
   * Forms the group and its collective key from all key shares. Anyone calls it, once all are shown, and gets
   * the same.
   * @throws HeError `argument` for a bad threshold or roster; `wire`, `mismatch` or `proof` for a bad share,
   *   naming the member.
   */
  formKeyGroup(input: KeyGroupInput): KeyGroup;

  /**
   * The party's secret in sealed shares, one for each member, itself included, in the group's order; the same
   * bytes at every call. A member calls it once the group is formed and sends each member its own.
   * @returns n contents of 46,169 bytes (102,489 in `wide`).
   * @throws HeError `mismatch` where the party is no member with this secret, or a member's sealing key is
   *   bad.
   */
  dealShares(party: PartySecret, group: KeyGroup): Bytes[];

  /**
   * Opens and checks a share that was dealt to this member, and acknowledges it to its dealer. Keep the
   * sealed bytes for {@link finishKey}.
   * @returns the receipt, 137 bytes.
   * @throws HeError `wire` or `mismatch` naming what is wrong with the share, which then deserves no receipt.
   */
  acceptShare(received: ReceivedShare): Bytes;

  /**
   * Checks, as the dealer, a member's receipt. A receipt convinces its dealer alone.
   * @throws HeError `mismatch` unless it is that member's for this share, `argument` where there is no such
   *   member.
   */
  checkReceipt(received: ReceivedReceipt): void;

  /**
   * Adds up what was dealt to this member into its key. A member calls it when it has a share from every
   * member, stores the key encrypted, and forgets its party's secret after the self-test.
   * @throws HeError `mismatch` where a share is missing or twice there; `wire` or `mismatch` for a bad one.
   */
  finishKey(dealt: DealtShares): MemberKey;

  /** A member's key as bytes, for its own encrypted storage: 46,187 and 32 a member (`wide`: 102,507). */
  encodeMemberKey(key: MemberKey): Bytes;

  /**
   * The inverse of {@link encodeMemberKey}, after a restart.
   * @throws HeError `wire` or `mismatch` for any other bytes.
   */
  decodeMemberKey(bytes: Uint8Array): MemberKey;
}
