// The ladder: from which chance of default on a score is in the next bracket, and what a bracket asks for.
import { thresholdCount } from '@murmuration/prover/score';
import { CreditError } from './errors.ts';

/** The chances of default at which the brackets 1 to 9 begin, unless a publisher says otherwise. */
export const plainLadder: readonly number[] = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65];

/** Throws a `model` unless there are nine chances in (0, 1), rising. */
export function checkLadder(ladder: readonly number[]): readonly number[] {
  const rising = ladder.every((chance, i) => chance > (ladder[i - 1] ?? 0) && chance < 1);
  if (ladder.length === thresholdCount && rising) return ladder;
  throw new CreditError(
    'model',
    `the ladder is ${ladder.join(', ')}, but it has nine chances between 0 and 1, rising`,
  );
}

/** The logit of a chance, in nats. */
export const logitOf = (chance: number): number => Math.log(chance / (1 - chance));

/** Collateral that a bracket asks for, in percent of the debt: 105 of the best, 150 of the last. */
export const collateralOf = (bracket: number): number => 105 + 5 * bracket;
