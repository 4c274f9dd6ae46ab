// A sum on its way to the contract: it must open the total of the commitments that the contract itself has kept.

import {
  aggregate,
  type G1Point,
  type ProofWords,
  type Prover,
  proofWords,
  squaredNorm,
} from '@murmuration/prover';
import type { Hex } from 'viem';
import { type ChunkSum, encodeSum } from '../protocol/sum_file.ts';
import { digestOf } from '../store/index.ts';
import { type Binding, gammaOf } from './submission.ts';

/** A chunk as `submitAggregate` takes it. */
export interface ProvenSumChunk {
  readonly h: bigint;
  readonly digest: Hex;
  readonly y: bigint;
  readonly norm: bigint;
  readonly opening: G1Point;
  readonly proof: ProofWords;
}

/** The decrypted sum is not what was committed to: a ciphertext, a partial sum or a share was wrong. */
export class SumDoesNotOpen extends Error {
  override name = 'SumDoesNotOpen';
  constructor(chunk: number) {
    super(
      `chunk ${chunk}: the decrypted sum does not open the sum of the commitments; a ciphertext or a decryption share ` +
        'is wrong. The round will end without effect, unless a dispute names the culprit.',
    );
  }
}

/** @throws SumDoesNotOpen before anything is proven. */
export async function checkOpens(
  prover: Prover,
  sums: readonly ChunkSum[],
  totals: readonly G1Point[],
): Promise<void> {
  for (const [index, { lanes, blinding }] of sums.entries()) {
    const vector = { coordinates: lanes, blinding };
    const { commitment } = await prover.commit('aggregate', vector);
    const total = totals[index]!;
    if (commitment.x !== total.x || commitment.y !== total.y) throw new SumDoesNotOpen(index);
  }
}

/** Proves the chunks of a sum that opens `totals`, each at its challenge. */
export async function proveSum(
  prover: Prover,
  binding: Binding,
  sums: readonly ChunkSum[],
  totals: readonly G1Point[],
  onProof: (milliseconds: number) => void,
  signal?: AbortSignal,
): Promise<ProvenSumChunk[]> {
  const proven: ProvenSumChunk[] = [];
  for (const [index, sum] of sums.entries()) {
    const vector = { coordinates: sum.lanes, blinding: sum.blinding };
    const { h } = await prover.commit('aggregate', vector);
    const digest = digestOf(encodeSum(sum));
    const gamma = gammaOf(binding, index, totals[index]!, h, digest);
    const opening = await prover.open('aggregate', vector, gamma);
    const norm = squaredNorm(sum.lanes);
    const claim = { h, gamma, y: opening.y, norm };
    const { proof, witnessMs, proveMs } = await prover.prove(aggregate, { claim, secret: vector, signal });
    onProof(witnessMs + proveMs);
    proven.push({ h, digest, y: opening.y, norm, opening: opening.proof, proof: proofWords(proof) });
  }
  return proven;
}
