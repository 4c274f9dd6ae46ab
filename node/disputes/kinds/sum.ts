// Files of a proven sum that are something else. The proof is about the sum and not about the files that the prover
// names beside it; but an honest prover names the files of what it proved.

import type { RoundEntry } from '../../chain/index.ts';
import { isSomethingElse, spongesChecker } from '../../cryptography/index.ts';
import { decodeSum, sumBytes, sumName } from '../../protocol/index.ts';
import { type Court, clears, convicts, type Ruling } from '../court.ts';
import type { EvidenceOf } from '../evidence.ts';

/** Judges evidence of a proven sum's wrong files. */
export async function judgeSum(
  { he, store, prover, signal }: Court,
  entry: RoundEntry,
  { sum, culprit }: EvidenceOf<'sum'>,
): Promise<Ruling> {
  const proven = entry.sums.get(sum);
  if (proven?.prover !== culprit)
    return clears(`${culprit} did not prove the sum of ${sumName(sum)} in round ${entry.number}`);
  const size = he.params.coordinatesPerChunk;
  try {
    const files = [];
    for (const digest of proven.digests)
      files.push(
        decodeSum(await store.get(digest, { maxBytes: sumBytes(size), ...(signal && { signal }) }), size),
      );
    await spongesChecker(prover, proven.h)(files);
    return clears('the files are those of the sum');
  } catch (error) {
    if (isSomethingElse(error)) return convicts;
    throw error;
  }
}
