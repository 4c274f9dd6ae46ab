// The vectors that Solidity's tests read too, so that the two cannot disagree.
import { readFileSync } from 'node:fs';
import { decodeFigures, encodeFigures } from '@murmuration/prover';
import { describe, expect, test } from 'vitest';
import {
  afterVerdict,
  freshSeat,
  groupCount,
  isqrt,
  lowerMedian,
  nextScale,
  payOf,
  type Seat,
  settleRound,
  type Verdict,
  verdictOf,
  weigh,
} from '../../../node/protocol/index.ts';

type Shown = Record<'stake' | 'level' | 'held' | 'debt' | 'credit', string> & { ejected: boolean };
interface Vectors {
  rule: Record<'phi' | 'floor' | 'toll' | 'cap' | 'reserve' | 'ejectAt' | 'strike', string>;
  isqrt: { x: string; root: string }[];
  lowerMedian: { values: string[]; median: string }[];
  groupCount: { validators: number; groups: number }[];
  figures: { word: string; scores: string[]; bucket: string }[];
  weigh: { debt: string; seen: string; weight: string; nextDebt: string }[];
  payOf: { pot: string; weights: string[]; credits: string[]; reserve: string; rewards: string[] }[];
  verdict: { figures: string[]; medians: string[]; credit: string; verdict: Verdict }[];
  standing: { before: Shown; verdict: Verdict; after: Shown }[];
  nextScale: { scale: string; medianBucket: string; coordinates: string; target: string; next: string }[];
  stories: {
    pot: string;
    stakes: string[];
    rounds: {
      accepted: boolean;
      counting: number[];
      trainers: number[];
      proven: boolean[];
      words: string[];
      weights: string[];
      rewards: string[];
      verdicts: Verdict[];
      seats: Shown[];
    }[];
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/scores.json', import.meta.url), 'utf8'),
) as Vectors;
const { rule } = vectors;
const policy = {
  phi: Number(rule.phi),
  floor: Number(rule.floor),
  toll: Number(rule.toll),
  cap: Number(rule.cap),
  reserve: Number(rule.reserve),
  ejectAt: Number(rule.ejectAt),
  strike: BigInt(rule.strike),
};
const seatOf = ({ stake, level, held, ejected, debt, credit }: Shown): Seat => ({
  stake: BigInt(stake),
  level: Number(level),
  held: BigInt(held),
  ejected,
  debt: Number(debt),
  credit: Number(credit),
});

describe('the shared vectors', () => {
  test('isqrt', () => {
    for (const { x, root } of vectors.isqrt) expect(isqrt(BigInt(x))).toBe(BigInt(root));
  });
  test('lower median', () => {
    for (const { values, median } of vectors.lowerMedian)
      expect(lowerMedian(values.map(BigInt))).toBe(BigInt(median));
  });
  test('number of groups', () => {
    for (const { validators, groups } of vectors.groupCount) expect(groupCount(validators)).toBe(groups);
  });
  test('figures in a word', () => {
    for (const { word, scores, bucket } of vectors.figures) {
      const figures = { scores: scores.map(Number), bucket: Number(bucket) };
      expect(decodeFigures(BigInt(word))).toEqual(figures);
      expect(encodeFigures(figures)).toBe(BigInt(word));
    }
  });
  test('weights and debts', () => {
    for (const { debt, seen, weight, nextDebt } of vectors.weigh)
      expect(weigh(Number(debt), Number(seen), policy)).toEqual({
        weight: Number(weight),
        debt: Number(nextDebt),
      });
  });
  test('pay', () => {
    for (const { pot, weights, credits, reserve, rewards } of vectors.payOf) {
      const earners = weights.map((weight, i) => ({ weight: Number(weight), credit: Number(credits[i]) }));
      expect(payOf(BigInt(pot), earners, Number(reserve))).toEqual(rewards.map(BigInt));
    }
  });
  test('verdicts', () => {
    for (const { figures, medians, credit, verdict } of vectors.verdict) {
      const of = { ...policy, hasCredit: credit !== '0' };
      expect(verdictOf(figures.map(Number), medians.map(Number), of)).toBe(verdict);
    }
  });
  test('standings', () => {
    for (const { before, verdict, after } of vectors.standing)
      expect({ ...seatOf(before), ...afterVerdict(seatOf(before), verdict, policy) }).toEqual(seatOf(after));
  });
  test('next scale', () => {
    for (const { scale, medianBucket, coordinates, target, next } of vectors.nextScale) {
      const round = {
        accepted: true,
        buckets: [Number(medianBucket)],
        coordinates: Number(coordinates),
        targetRms: Number(target),
      };
      expect(nextScale(BigInt(scale), round)).toBe(BigInt(next));
    }
  });
  test('whole rounds, one after the other', () => {
    for (const { pot, stakes, rounds } of vectors.stories) {
      const seats = stakes.map((stake) => freshSeat(BigInt(stake)));
      for (const { accepted, counting, trainers, proven, words, ...expected } of rounds) {
        const settled = settleRound(
          trainers.map((i) => seats[i]!),
          {
            accepted,
            pot: BigInt(pot),
            counting,
            figures: words.map((word, k) => (proven[k] ? decodeFigures(BigInt(word)) : undefined)),
          },
          policy,
        );
        trainers.forEach((i, k) => {
          seats[i] = settled[k]!.seat;
        });
        expect(settled.map((one) => one.seat)).toEqual(expected.seats.map(seatOf));
        expect(settled.map((one) => one.reward)).toEqual(expected.rewards.map(BigInt));
        expect(settled.map((one) => one.weight)).toEqual(expected.weights.map(Number));
        expect(settled.map((one) => one.verdict)).toEqual(expected.verdicts);
      }
    }
  });
});
