import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterRound, cosine, defaultScorePolicy, judge, one, share } from '../../../node/protocol/index.ts';

const toward = (cos: number) => ({ score: BigInt(Math.round(cos * 1e6)), norm: 10n ** 12n });
const probeNorm = 1n;

describe('cosine', () => {
  test('is 10^9 for the same direction, and rounds toward zero', () => {
    expect(cosine({ score: 25n, norm: 25n }, 25n)).toBe(one);
    expect(cosine({ score: -1n, norm: 3n }, 3n)).toBe(-333_333_333n);
    expect(cosine({ score: 0n, norm: 0n }, 5n)).toBe(0n);
  });
  test('does not grow with the norm: inflating an update gains nothing', () => {
    const modest = cosine({ score: 100n, norm: 400n }, 100n);
    const inflated = cosine({ score: 1000n, norm: 40_000n }, 100n);
    expect(inflated).toBe(modest);
  });
});

describe('judge', () => {
  test('strikes who points elsewhere and who does not prove', () => {
    const { median, judgements } = judge(
      [toward(0.5), toward(0.5), toward(0.29), undefined, toward(0.31)],
      probeNorm,
      defaultScorePolicy,
    );
    expect(median).toBe(310_000_000n);
    expect(judgements.map((j) => j.strike)).toEqual([false, false, false, true, false]);
    expect(judgements[3]!.weight).toBe(0n);
    expect(judgements[0]!.weight).toBe(470_000_000n);
  });
  test('a round without signal strikes nobody who proved', () => {
    const { judgements } = judge([toward(0.09), toward(-0.5), undefined], probeNorm, defaultScorePolicy);
    expect(judgements.map((j) => j.strike)).toEqual([false, false, true]);
  });
  test('no trainer, no judgement', () => {
    expect(judge([], probeNorm, defaultScorePolicy)).toEqual({ median: 0n, judgements: [] });
  });
});

describe('share', () => {
  test('never pays more than the pot and loses less than one unit a weight', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 20n),
        fc.array(fc.bigInt(0n, one), { minLength: 1, maxLength: 9 }),
        (pot, w) => {
          const paid = share(pot, w).reduce((a, b) => a + b, 0n);
          const total = w.reduce((a, b) => a + b, 0n);
          expect(paid <= pot).toBe(true);
          if (total > 0n) expect(pot - paid < BigInt(w.length)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('afterRound', () => {
  const policy = { strike: 5n, ejectAt: 3, stakeFloor: 10n };
  test('strikes in a row cost more and end membership; a clean round lets one fade', () => {
    let standing = { stake: 100n, strikes: 0, ejected: false };
    standing = afterRound(standing, true, policy);
    expect(standing).toMatchObject({ stake: 95n, strikes: 1 });
    standing = afterRound(standing, true, policy);
    expect(standing).toMatchObject({ stake: 85n, strikes: 2 });
    standing = afterRound(standing, false, policy);
    expect(standing).toMatchObject({ stake: 85n, strikes: 1 });
    standing = afterRound(afterRound(standing, true, policy), true, policy);
    expect(standing).toMatchObject({ stake: 60n, strikes: 3, ejected: true });
    expect(afterRound(standing, true, policy)).toMatchObject({ stake: 60n, slashed: 0n });
  });
  test('never takes more than there is', () => {
    const poor = { stake: 3n, strikes: 0, ejected: false };
    expect(afterRound(poor, true, policy)).toMatchObject({ stake: 0n, slashed: 3n, ejected: true });
  });
});
