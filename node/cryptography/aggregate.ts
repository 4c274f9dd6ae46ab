// A sum on its way to the contract: it must open the running sum of the commitments that the contract itself
// has kept.

import type { ProvenSumChunk } from '@murmuration/contracts';
import type { ChunkVector } from '@murmuration/core';
import { aggregate, type ChallengeSubject, type G1Point, type Prover, proofWords } from '@murmuration/prover';
import { NodeError } from '../errors.ts';
import { type Binding, digestOf, encodeSum, gammaOf } from '../protocol/index.ts';
import type { ProvingContext } from './proving.ts';

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

/**
 * Compares before anything is proven.
 * @param totals running sums of the commitments.
 * @throws SumDoesNotOpen
 */
export async function checkOpens(
  prover: Prover,
  sums: readonly ChunkVector[],
  totals: readonly G1Point[],
): Promise<void> {
  for (const [index, sum] of sums.entries()) {
    const { commitment } = await prover.commit('aggregate', sum);
    const total = totals[index]!;
    if (commitment.x !== total.x || commitment.y !== total.y) throw new SumDoesNotOpen(index);
  }
}

/**
 * Holds a sum that somebody names against the sponges of a proven one, of this round or of an earlier one.
 * @param h sponges of the proven sum, one a chunk.
 * @throws NodeError `sum` where it is another.
 */
export async function checkSponges(
  prover: Prover,
  sums: readonly ChunkVector[],
  h: readonly bigint[],
): Promise<void> {
  for (const [index, sum] of sums.entries()) {
    const { h: own } = await prover.commit('aggregate', sum);
    if (own !== h[index])
      throw new NodeError('sum', `chunk ${index}: what is named as a sum is not what was proven`);
  }
}

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
  const { prover, onProof, signal } = context;
  const proven: ProvenSumChunk[] = [];
  for (const [index, sum] of sums.entries()) {
    const { h } = await prover.commit('aggregate', sum);
    const digest = digestOf(encodeSum(sum));
    const gamma = gammaOf(binding, { chunk: index, commitment: totals[index]!, h, digest });
    const { y, proof: opening } = await prover.open('aggregate', sum, gamma);
    const claim = { h, gamma, y };
    const { proof, witnessMs, proveMs, engine } = await prover.prove(aggregate, {
      claim,
      secret: sum,
      signal,
    });
    onProof(witnessMs + proveMs, engine);
    proven.push({ h, digest, y, opening, proof: proofWords(proof) });
  }
  return proven;
}
