import type { Figures } from '@murmuration/prover';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterVerdict,
  defaultScoreRule,
  freshSeat,
  groupsOf,
  payOf,
  type Seat,
  settleRound,
  verdictOf,
  weigh,
} from '../../../node/protocol/index.ts';

const policy = { ...defaultScoreRule, strike: 500n };
const pot = 1_000_000n;
/** A trainer that every group sees alike, or each as it says. */
const seen = (...figures: number[]): Figures => ({
  scores: Array.from({ length: 7 }, (_, g) => figures[g % figures.length]!),
  bucket: 20,
});
const honest = seen(40);

/** Plays rounds of the same figures, one row a round. */
function play(rounds: readonly (readonly (Figures | undefined)[])[], groups = [0, 1, 2], stake = 100_000n) {
  let seats: Seat[] = rounds[0]!.map(() => freshSeat(stake));
  const earned = rounds[0]!.map(() => 0n);
  for (const figures of rounds) {
    const settled = settleRound(seats, { accepted: true, pot, counting: groups, figures }, policy);
    seats = settled.map(({ seat }) => seat);
    settled.forEach(({ reward }, i) => {
      earned[i]! += reward;
    });
  }
  const all = earned.reduce((a, b) => a + b, 0n);
  return { seats, share: earned.map((e) => Number((1000n * e) / all) / 1000) };
}
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describe('weigh', () => {
  test('luck does not pay: a guess that is above the toll now and then owes what it was below', () => {
    // Guesses around 0, as wide as the grid of four bits makes them on a small support.
    let [debt, paid, withoutDebt] = [0, 0, 0];
    for (const guess of [12, -7, 3, 14, -12, 0, 11, -9, 5, 13, -3, -11]) {
      const after = weigh(debt, guess, policy);
      debt = after.debt;
      paid += after.weight;
      withoutDebt += weigh(0, guess, policy).weight;
    }
    expect(withoutDebt).toBeGreaterThan(8);
    expect(paid).toBe(2);
  });
  test('no figure is worth more than the cap, and no debt is deeper: honest work is out of it in two rounds', () => {
    expect(weigh(0, 127, policy).weight).toBe(28);
    expect(weigh(38, -128, policy).debt).toBe(38);
    const first = weigh(38, 40, policy);
    expect(first).toEqual({ weight: 0, debt: 10 });
    expect(weigh(first.debt, 40, policy).weight).toBe(18);
  });
});

describe('payOf', () => {
  test('never pays more than the pot, and all of it but roundings once anybody has credit', () => {
    const earner = fc.record({
      weight: fc.integer({ min: 0, max: 28 }),
      past: fc.integer({ min: 0, max: 10_000 }),
    });
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 20n),
        fc.array(earner, { minLength: 1, maxLength: 12 }),
        (amount, list) => {
          const earners = list.map(({ weight, past }) => ({ weight, credit: weight + past }));
          const paid = payOf(amount, earners, 19).reduce((a, b) => a + b, 0n);
          expect(paid <= amount).toBe(true);
          if (earners.some(({ credit }) => credit > 0))
            expect(amount - paid <= BigInt(2 * earners.length + 1)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
  test('a quiet round is paid to those whose work the model rests on, not to the one that moves last', () => {
    const [worked, came] = payOf(
      1000n,
      [
        { weight: 0, credit: 300 },
        { weight: 1, credit: 1 },
      ],
      19,
    ) as [bigint, bigint];
    expect(worked).toBeGreaterThan(900n);
    // Without a reserve all of it would be the last mover's.
    expect(
      payOf(
        1000n,
        [
          { weight: 0, credit: 300 },
          { weight: 1, credit: 1 },
        ],
        0,
      ),
    ).toEqual([0n, 1000n]);
    expect(came).toBeLessThan(50n);
  });
});

describe('the groups', () => {
  test('are of two seats or more, at most seven, and even', () => {
    for (const validators of [2, 3, 6, 7, 14, 32]) {
      const groups = groupsOf(Array.from({ length: validators }, (_, i) => (i * 5) % validators || i));
      const sizes = Map.groupBy(groupsOf(Array.from({ length: validators }, (_, i) => i)), (g) => g);
      expect(groups).toHaveLength(validators);
      for (const members of sizes.values()) expect(members.length).toBeGreaterThanOrEqual(2);
      expect(sizes.size).toBeLessThanOrEqual(7);
    }
  });
  test('one corrupt group of three lifts nobody: what it alone sees is not paid', () => {
    const { share } = play(times(12, [honest, honest, seen(127, 0, 0)]));
    expect(share).toEqual([0.5, 0.5, 0]);
    // Were one group to decide, the same trainer would have its full share.
    expect(play(times(12, [honest, honest, seen(127, 0, 0)]), [0]).share[2]).toBeGreaterThan(0.3);
  });
  test('one corrupt group of three ruins nobody: no strike, and the two others pay', () => {
    const { seats, share } = play(times(12, [honest, honest, seen(-127, 40, 40)]));
    expect(seats[2]).toMatchObject({ level: 0, held: 0n, ejected: false });
    expect(share[2]).toBeGreaterThan(0.3);
  });
  test('two groups or fewer strike nobody', () => {
    for (const groups of [[0], [0, 1]])
      expect(play(times(12, [honest, honest, seen(-127)]), groups).seats[2]).toMatchObject({
        level: 0,
        held: 0n,
      });
  });
});

describe('strikes', () => {
  test('opposing ends the seat, and what was held of it stays held', () => {
    const { seats } = play(times(8, [honest, honest, seen(-40)]));
    // 500 times 0 + 1 + ... + 7.
    expect(seats[2]).toEqual(
      expect.objectContaining({ level: 8, ejected: true, held: 14_000n, stake: 86_000n }),
    );
  });
  test('the left-handed trainer: different, not empty, is held for little and comes back', () => {
    const against = times(20, [honest, honest, seen(20)]);
    const struck = play(against).seats[2]!;
    // Level 3 holds 0 + 1 + 2 times the strike, however long it lasts.
    expect(struck).toMatchObject({ level: 3, held: 1500n, stake: 98_500n, ejected: false });
    const { seats } = play([...against, ...times(3, [honest, honest, seen(38)])]);
    expect(seats[2]).toMatchObject({ level: 0, held: 0n, stake: 100_000n, ejected: false });
  });
  test('with credit, an honest hospital whose work stops mattering is not slashed for it', () => {
    const { seats } = play([
      ...times(3, [honest, honest, seen(38)]),
      ...times(20, [honest, honest, seen(0)]),
    ]);
    expect(seats[2]).toMatchObject({ level: 3, ejected: false });
    // Without credit the same figures are empty work.
    expect(play(times(20, [honest, honest, seen(0)])).seats[2]).toMatchObject({ ejected: true });
  });
  test('a round without signal neither strikes nor clears', () => {
    const rule = { ...policy, hasCredit: false };
    expect(verdictOf([-127, -127, -127], [12, 12, 12], rule)).toBe('neither');
    expect(verdictOf([12, 12, 12], [12, 12, 12], rule)).toBe('neither');
  });
  test('a missing proof counts as the worst figure', () => {
    expect(play(times(8, [honest, honest, undefined])).seats[2]).toMatchObject({ ejected: true });
  });
  test('never holds more than is free, and gives back no more than it held', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 20_000n),
        fc.array(fc.constantFrom('struck', 'harsher', 'cleared', 'neither'), { maxLength: 60 }),
        (stake, verdicts) => {
          let standing = freshSeat(stake);
          for (const verdict of verdicts) {
            standing = { ...standing, ...afterVerdict(standing, verdict, policy) };
            expect(standing.stake + standing.held).toBe(stake);
            expect(standing.stake >= 0n && standing.held >= 0n).toBe(true);
            if (standing.level === 0) expect(standing.held).toBe(0n);
          }
        },
      ),
    );
  });
});
