// A round settled: weights, pay and strikes of all trainers with an accepted update (docs/encodings.md,
// "Scores"). The contract computes the same from the same words; test/vectors/scores.json holds whole rounds.
import type { Figures } from '@murmuration/prover';
import { noScore } from './figures.ts';
import { lowerMedian } from './integers.ts';
import { type Account, type PayPolicy, payOf, weigh } from './score.ts';
import { afterVerdict, type Standing, type StrikePolicy, type Verdict, verdictOf } from './strikes.ts';

/** The task's scoring policy. */
export interface ScorePolicy extends PayPolicy, StrikePolicy {}

/** The rule's numbers as `murmur` posts them; the strike's amount is the task's own. */
export const defaultScoreRule: Omit<ScorePolicy, 'strike'> = {
  phi: 8500,
  floor: 13,
  toll: 10,
  cap: 38,
  reserve: 19,
  ejectAt: 8,
};

/** What a trainer's seat carries from round to round. */
export interface Seat extends Account, Standing {}

/** A seat as it is at the start of the rounds. */
export const freshSeat = (stake: bigint): Seat => ({
  stake,
  level: 0,
  held: 0n,
  ejected: false,
  debt: 0,
  credit: 0,
});

/** What a round is settled from. */
export interface SettledRound {
  /** The round moved the model: only then is it paid. */
  readonly accepted: boolean;
  /** The round's part of the bounty. */
  readonly pot: bigint;
  /** The groups whose sum was opened; at least one. */
  readonly counting: readonly number[];
  /** One a trainer; `undefined` where the alignment is not proven. */
  readonly figures: readonly (Figures | undefined)[];
  /** What strikes read, where that is not what pay reads; docs/incentives.md compares. */
  readonly strikeFigures?: readonly (Figures | undefined)[] | undefined;
}

/** What the round was to one trainer. */
export interface Settled {
  readonly seat: Seat;
  /** Lower median over the groups that count. */
  readonly seen: number;
  readonly weight: number;
  readonly reward: bigint;
  readonly verdict: Verdict;
}

/**
 * Whether these are the figures of an update of nothing but zeros, or of a single 1: of a trainer that withheld its
 * update, for its own safety, or could not know the support. It is neither paid nor struck.
 */
export const isSilent = (figures: Figures | undefined): boolean => figures?.bucket === 0;

/**
 * Settles a round. What a silent trainer's credit would give it stays in the pot: nobody gains by a support on which
 * others have to be silent.
 * @param seats of the trainers with an accepted update, none of them ejected.
 * @returns one result a seat, in the same order.
 */
export function settleRound(
  seats: readonly Seat[],
  { accepted, pot, counting, figures, strikeFigures = figures }: SettledRound,
  policy: ScorePolicy,
): Settled[] {
  const rowsOf = (all: typeof figures) => all.map((of) => counting.map((g) => of?.scores[g] ?? noScore));
  const [rows, struck] = [rowsOf(figures), rowsOf(strikeFigures)];
  const earned = seats.map((seat, i) => {
    if (isSilent(figures[i])) return { seen: 0, weight: 0, debt: seat.debt, credit: seat.credit };
    const seen = median(rows[i]!);
    const { weight, debt } = weigh(seat.debt, seen, policy);
    return { seen, weight, debt, credit: seat.credit + (accepted ? weight : 0) };
  });
  const rewards = accepted ? payOf(pot, earned, policy.reserve) : seats.map(() => 0n);
  const medians = counting.map((_, k) => median(struck.map((row) => row[k]!)));
  return seats.map((seat, i) => {
    if (isSilent(figures[i])) return { seat, seen: 0, weight: 0, reward: 0n, verdict: 'neither' };
    const { seen, weight, debt, credit } = earned[i]!;
    const verdict = verdictOf(struck[i]!, medians, { ...policy, hasCredit: credit > 0 });
    return {
      seat: { ...afterVerdict(seat, verdict, policy), debt, credit },
      seen,
      weight,
      reward: rewards[i]!,
      verdict,
    };
  });
}

const median = (values: readonly number[]): number => Number(lowerMedian(values.map(BigInt)));
