// What members call before a task starts, to see that every set of them can decrypt.

import type { ChunkVector } from '@murmuration/core';
import type { KeyGroup } from '../keys/group.ts';
import type { OpenedSelfTest, SelfTest } from '../self_test.ts';

/**
 * The self-test of a new key: the members open sums that all of them know, with the sets of {@link
 * selfTestSets}. If all of them open, every set does, whatever the dealers dealt.
 *
 * @example
 * ```ts
 * import { createHe, DecryptionLog, digest } from '@murmuration/he';
 * import { centralKeyGroup } from '@murmuration/he/testing';
 *
 * const he = await createHe('tiny');
 * const { group, keys } = centralKeyGroup(he, 4, 3);
 * const dealt = digest(new TextEncoder().encode('in earnest: the digests of all dealings'));
 * for (const [which, set] of he.selfTestSets(group).entries()) {
 *   const sum = he.selfTestSum({ group, dealt, which });
 *   const shares = set.map((i) => he.decryptionShare({ key: keys[i]!, sum, set, log: new DecryptionLog() }));
 *   const opened = he.combineDecryptionShares({ group, sum, set, shares });
 *   he.checkSelfTest({ group, members: [0, 1, 2, 3], opened }); // throws where the key is bad
 * }
 * console.log(he.selfTestSets(group)); // [ [ 0, 1, 2 ], [ 1, 2, 3 ] ]
 * ```
 */
export interface SelfTesting {
  /**
   * The public chunk that stands for member `index` of the group: K coordinates and a blinding, the same for
   * everyone.
   */
  selfTestChunk(group: KeyGroup, index: number): ChunkVector;

  /**
   * The sum for one set, of all members' chunks, as a ciphertext of weight n. Each member makes it itself,
   * from public data: a sum that others sent would be the first chance to send a malformed one.
   */
  selfTestSum(test: SelfTest): Uint8Array<ArrayBuffer>;

  /** The n - t + 1 sets to test with: runs of t neighbours. */
  selfTestSets(group: KeyGroup): number[][];

  /**
   * Checks an opened sum. A member confirms the key when all are right.
   * @throws HeError `set` where it is not the sum of the members' chunks: generate the key again, with a new
   *   epoch.
   */
  checkSelfTest(test: OpenedSelfTest): void;
}
