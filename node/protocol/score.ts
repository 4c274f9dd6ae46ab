// Cosines, strikes and reward weights of a round, in integers (docs/encodings.md, "Scores").
import { isqrt, lowerMedian } from './integers.ts';

/** A cosine of 1. */
export const one = 1_000_000_000n;

/** What a trainer's alignment proofs say, all chunks added. */
export interface Alignment {
  readonly score: bigint;
  readonly norm: bigint;
}

/** The task's scoring policy. `phi` in basis points; `floor` and `delta` in units of 10^-9. */
export interface ScorePolicy {
  readonly phi: bigint;
  readonly floor: bigint;
  readonly delta: bigint;
}

/** The design's defaults: phi 0.6, floor 0.1, delta 0.03. */
export const defaultScorePolicy: ScorePolicy = { phi: 6000n, floor: 100_000_000n, delta: 30_000_000n };

/** One trainer's result of a round. */
export interface Judgement {
  readonly cosine: bigint;
  readonly strike: boolean;
  /** Share of the round's reward, in proportion. */
  readonly weight: bigint;
}

/** `score * 10^9 / isqrt(norm * probeNorm)`, toward zero; 0 if the root is 0. */
export function cosine({ score, norm }: Alignment, probeNorm: bigint): bigint {
  const root = isqrt(norm * probeNorm);
  return root === 0n ? 0n : (score * one) / root;
}

/**
 * Judges the trainers with an accepted update.
 * @param alignments one a trainer; `undefined` where the proof is missing, which is a strike and counts as
 * cosine 0.
 * @returns the lower median and one judgement a trainer, in the same order.
 */
export function judge(
  alignments: readonly (Alignment | undefined)[],
  probeNorm: bigint,
  policy: ScorePolicy,
): { median: bigint; judgements: Judgement[] } {
  if (alignments.length === 0) return { median: 0n, judgements: [] };
  const cosines = alignments.map((a) => (a ? cosine(a, probeNorm) : 0n));
  const median = lowerMedian(cosines);
  const signal = median >= policy.floor;
  const judgements = cosines.map((cos, i) => ({
    cosine: cos,
    strike: alignments[i] === undefined || (signal && cos * 10_000n < policy.phi * median),
    weight: alignments[i] !== undefined && cos > policy.delta ? cos - policy.delta : 0n,
  }));
  return { median, judgements };
}

/** A pot in proportion to weights, each part rounded down; what is left over stays in the pot. */
export function share(pot: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((a, b) => a + b, 0n);
  return weights.map((weight) => (total === 0n ? 0n : (pot * weight) / total));
}
