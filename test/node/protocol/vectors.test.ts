import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cosine, isqrt, judge, lowerMedian, nextScale } from '../../../node/protocol/index.ts';

/** The vectors that Solidity's tests read too, so that the two cannot disagree. */
const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/scores.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>[]> & {
  lowerMedian: { values: string[]; median: string }[];
  isStrike: {
    proven: boolean;
    cosine: string;
    median: string;
    floor: string;
    phi: string;
    strike: boolean;
  }[];
};

describe('the shared vectors', () => {
  test('isqrt', () => {
    for (const { x, root } of vectors.isqrt!) expect(isqrt(BigInt(x!))).toBe(BigInt(root!));
  });
  test('cosine', () => {
    for (const v of vectors.cosine!) {
      const alignment = { score: BigInt(v.score!), norm: BigInt(v.norm!) };
      expect(cosine(alignment, BigInt(v.reference!))).toBe(BigInt(v.cosine!));
    }
  });
  test('lower median', () => {
    for (const { values, median } of vectors.lowerMedian)
      expect(lowerMedian(values.map(BigInt))).toBe(BigInt(median));
  });
  test('strikes', () => {
    for (const v of vectors.isStrike) {
      // Norms of 10^9 and 10^9 make a score of `cosine` that very cosine; three alike fix the median.
      const at = (cos: string) => ({ score: BigInt(cos), norm: 10n ** 9n });
      const cohort = [v.proven ? at(v.cosine) : undefined, at(v.median), at(v.median), at(v.median)];
      const policy = { phi: BigInt(v.phi), floor: BigInt(v.floor), delta: 0n };
      const { median, judgements } = judge(cohort, 10n ** 9n, policy);
      expect(median).toBe(BigInt(v.median));
      expect(judgements[0]!.strike).toBe(v.strike);
    }
  });
  test('reward weights', () => {
    for (const v of vectors.rewardWeight!) {
      const policy = { phi: 0n, floor: 0n, delta: BigInt(v.delta!) };
      const { judgements } = judge([{ score: BigInt(v.cosine!), norm: 10n ** 9n }], 10n ** 9n, policy);
      expect(judgements[0]!.weight).toBe(BigInt(v.weight!));
    }
  });
  test('next scale', () => {
    for (const v of vectors.nextScale!) {
      const round = {
        accepted: true,
        norms: [BigInt(v.medianNorm!)],
        coordinates: Number(v.coordinates),
        targetRms: Number(v.target),
      };
      expect(nextScale(BigInt(v.scale!), round)).toBe(BigInt(v.next!));
    }
  });
});
