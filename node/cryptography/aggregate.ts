// A sum on its way to the contract: it must open the running sum of the commitments that the contract itself
// has kept.

import type { ProvenSumChunk } from '@murmuration/contracts';
import type { ChunkVector } from '@murmuration/core';
import { aggregate, type ChallengeSubject, type G1Point, type Prover, proofWords } from '@murmuration/prover';
import { NodeError } from '../errors.ts';
import { type Binding, digestOf, encodeSum, gammaOf } from '../protocol/index.ts';
import { eachChunk, type ProvingContext, proveClaim } from './proving.ts';
import { sumSponge } from './sum_sponge.ts';

/**
 * A decrypted sum that does not open the sum of the commitments: a ciphertext, a partial sum or a share was
 * wrong. Code `sum`.
 */
export class SumDoesNotOpen extends NodeError {
  constructor(chunk: number) {
    super(
      'sum',
      `chunk ${chunk}: the decrypted sum does not open the sum of the commitments; a ciphertext or a ` +
        'decryption share is wrong',
      { mend: 'The round will end without effect, unless a dispute names the culprit.' },
    );
  }
}

/** Looks whether sums, one a chunk, are those that it was made for; throws, with the reason, where they are not. */
export type SumsChecker = (sums: readonly ChunkVector[]) => Promise<void>;

/**
 * A checker that begins with the chunk that was wrong the time before: wrong shares of one chunk make all other
 * chunks come out right, set after set.
 */
function wrongFirst(chunks: number, check: (sum: ChunkVector, chunk: number) => Promise<void>): SumsChecker {
  const order = Array.from({ length: chunks }, (_, chunk) => chunk);
  return async (sums) => {
    for (const chunk of [...order])
      await check(sums[chunk]!, chunk).catch((error) => {
        order.splice(order.indexOf(chunk), 1);
        order.unshift(chunk);
        throw error;
      });
  };
}

/**
 * Whether sums open the commitments' totals, before anything is proven. The checker throws `SumDoesNotOpen`.
 * @param totals running sums of the commitments.
 */
export const totalsChecker = (prover: Prover, totals: readonly G1Point[]): SumsChecker =>
  wrongFirst(totals.length, async (sum, chunk) => {
    const commitment = await prover.commitment('aggregate', sum);
    const total = totals[chunk]!;
    if (commitment.x !== total.x || commitment.y !== total.y) throw new SumDoesNotOpen(chunk);
  });

/**
 * Holds sums that somebody names against the sponges of a proven one, of this round or of an earlier one. The
 * checker throws a NodeError `sum` where they are others.
 * @param h sponges of the proven sum, one a chunk.
 */
export const spongesChecker = (prover: Prover, h: readonly bigint[]): SumsChecker =>
  wrongFirst(h.length, async (sum, chunk) => {
    if ((await sumSponge(prover, sum)) !== h[chunk])
      throw new NodeError('sum', `chunk ${chunk}: what is named as a sum is not what was proven`);
  });

/** A sum to be proven. */
export interface OpenedSums {
  readonly binding: Binding<ChallengeSubject>;
  /** Opened, one a chunk. */
  readonly sums: readonly ChunkVector[];
  /** The running sums of the commitments that `sums` open. */
  readonly totals: readonly G1Point[];
}

/** Proves the chunks of a sum, each at its challenge. */
export async function proveSum(
  context: ProvingContext,
  { binding, sums, totals }: OpenedSums,
): Promise<ProvenSumChunk[]> {
  return eachChunk(context, sums, async (each, sum, index) => {
    const { prover } = each;
    const h = await sumSponge(prover, sum);
    const digest = digestOf(encodeSum(sum));
    const gamma = gammaOf(binding, { chunk: index, commitment: totals[index]!, h, digest });
    const { y, proof: opening } = await prover.open('aggregate', sum, gamma);
    const proof = await proveClaim(each, aggregate, { claim: { h, gamma, y }, secret: sum });
    return { h, digest, y, opening, proof: proofWords(proof) };
  });
}
