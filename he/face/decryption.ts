// What t members call to open a sum, and what anyone calls to read it.

import type { ChunkVector } from '@murmuration/core';
import type { DecryptionShare, SharedSum } from '../decrypt/combine.ts';
import type { DecryptionRequest } from '../decrypt/share.ts';

/**
 * Threshold decryption: each member of a named set of t publishes one share, and anyone combines all t.
 *
 * A share is flooded (CPA^D: Li, Micciancio, EUROCRYPT 2021) and masked within its set: alone it is uniform,
 * and only the sum of all t means anything.
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
}
