// What t members call to open a sum, and what anyone calls to read it.

import type { ChunkVector } from '@murmuration/core';
import type { DecryptionShare, SharedSum } from '../decrypt/combine.ts';
import type { JointOpening, JointSums } from '../decrypt/joint_opening.ts';
import type { JointRequest, JointShare } from '../decrypt/joint_share.ts';
import type { DecryptionRequest } from '../decrypt/share.ts';
import type { KeyGroup } from '../keys/group.ts';

/**
 * Threshold decryption, in one of two ways.
 *
 * Jointly, where the group is not too large ({@link Decryption.jointKeys}): every member publishes one share,
 * and any t right ones open the sum, whatever the others are.
 *
 * Else in sets: each member of a named set of t publishes one share, and anyone combines all t. A share is
 * flooded (CPA^D: Li, Micciancio, EUROCRYPT 2021) and masked within its set: alone it is uniform, and only the
 * sum of all t means anything; of a set that fails nobody can tell which share is wrong.
 *
 * @example
 * ```ts
 * import { createHe, DecryptionLog } from '@murmuration/he';
 * import { centralKeyGroup } from '@murmuration/he/testing';
 *
 * const he = await createHe('tiny');
 * const { group, keys } = centralKeyGroup(he, 5, 3);
 * const vector = { coordinates: new Int32Array(96).fill(-7), blinding: [1n, 2n, 3n] } as const;
 * const { ciphertexts } = he.encryptProven({ group, vectors: [vector], binding: group.id });
 * const sum = he.createAccumulator(group).add(ciphertexts[0]!, 100).sum();
 *
 * const set = [0, 2, 4]; // members 1 and 3 are away
 * const shares = set.map((i) => he.decryptionShare({ key: keys[i]!, sum, set, log: new DecryptionLog() }));
 * const { coordinates, blinding } = he.combineDecryptionShares({ group, sum, set, shares });
 * console.log(coordinates[95], blinding.join(' ')); // -700 100 200 300
 *
 * const contributions = [3, 4, 1, 0].map((member) => {
 *   const ofSum = member === 4 ? ciphertexts[0]! : sum; // member 4 decrypts something else
 *   return { member, shares: [he.jointShare({ key: keys[member]!, sum: ofSum })] };
 * });
 * const joint = { group, sums: [sum], contributions };
 * for await (const { set, vectors } of he.jointOpenings(joint)) {
 *   console.log(set, vectors[0]!.coordinates[95], await he.strayMembers(joint, set)); // [ 3, 1, 0 ] -700 [ 4 ]
 *   break; // once the opening fits the commitments
 * }
 * ```
 */
export interface Decryption {
  /**
   * This member's share of the decryption of a sum for a set: 46,191 bytes (102,511 in `wide`); the same at
   * every call. A decrypting member calls it for a sum that it has made or recomputed itself, of at least the
   * agreed number of checked ciphertexts, and persists the log before anyone sees the share.
   * @throws HeError `argument` for a bad set, `wire` or `mismatch` for a bad ciphertext, `limit` after eight
   *   sets.
   */
  decryptionShare(request: DecryptionRequest): Uint8Array<ArrayBuffer>;

  /**
   * Reads anyone's share: whose it says it is, and for what.
   * @throws HeError `wire` or `mismatch` unless it is a canonical share of these parameters.
   */
  decodeDecryptionShare(bytes: Uint8Array): DecryptionShare;

  /**
   * Opens a sum with the shares of all members of a set. Anyone calls it, and compares the result with the
   * commitments before using it: a share that is off by multiples of Q / t makes another sum, which only they
   * tell.
   * @returns K sums in [-W 2^(b-1), W (2^(b-1) - 1)] for a sum of weight W, and their blinding.
   * @throws HeError `wire` or `mismatch` naming a malformed or foreign share; `set` where shares are missing,
   *   are for another set or do not fit together: at least one is wrong, and other sets find it; `noise`
   *   where they fit but the ciphertext has more noise than honest encryptions; `plaintext` where the values
   *   break the encoding. The last two are the ciphertext's fault if other sets say the same, else a share is
   *   wrong in few coefficients.
   */
  combineDecryptionShares(shared: SharedSum): ChunkVector;

  /**
   * How many keys the joint flood of a group has, C(n, t - 1), at most 12,870: groups of up to 16 members, and
   * larger ones with thresholds near 2 or n. 0 for others, which decrypt in sets.
   */
  jointKeys(group: Pick<KeyGroup, 'members' | 'threshold'>): number;

  /**
   * This member's joint share of the decryption of a sum: 46,183 bytes (102,503 in `wide`); the same at every
   * call, and a function of c1 alone. A decrypting member calls it for a sum that it has made or recomputed
   * itself, of at least the agreed number of checked ciphertexts.
   * @throws HeError `argument` where the group is too large, `wire` or `mismatch` for a bad ciphertext.
   */
  jointShare(request: JointRequest): Uint8Array<ArrayBuffer>;

  /**
   * Reads anyone's joint share.
   * @throws HeError `wire` or `mismatch` unless it is a canonical one of these parameters.
   */
  decodeJointShare(bytes: Uint8Array): JointShare;

  /**
   * What sets of t of the contributions open sums to, one set after the other, those of the first
   * contributions first. Shares that are not for these sums count as none. Anyone calls it, compares each
   * opening with the commitments, and takes the first that fits: wrong shares can be made to open to something
   * else. There is none where fewer than t are right, or a ciphertext is no honest encryption. The search may take
   * seconds, and gives way to other events meanwhile.
   */
  jointOpenings(joint: JointSums): AsyncIterable<JointOpening>;

  /**
   * Members whose shares do not fit those of a set that opened the sums, ascending. It is a suspicion, by which
   * the contributions to the next sums are put in order, and no evidence: an error of a member of the set that
   * cancels at 0 makes right shares stray.
   * @param set of the opening that fits the commitments.
   */
  strayMembers(joint: JointSums, set: readonly number[]): Promise<number[]>;

  /**
   * Whether t + 1 of the contributions fit together. If they do and none of the openings is right, then the
   * ciphertexts are at fault, or at least two members have agreed on wrong shares.
   */
  jointSharesAgree(joint: JointSums): Promise<boolean>;
}
