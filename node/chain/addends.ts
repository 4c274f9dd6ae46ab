// What each sum of a round is of.
import { subjectOf, subjects } from '../protocol/index.ts';
import type { AcceptedSubmission, RoundEntry } from './journal.ts';

/** The accepted submissions of a sum, in the order of the chain. */
export const addendsOf = ({ submitted }: Pick<RoundEntry, 'submitted'>, sum: number): AcceptedSubmission[] =>
  submitted[subjectOf(sum)].filter((addend) => addend.sum === sum);

/**
 * Numbers of the sums that are opened in a round, ascending: those of two submissions or more. One submission
 * alone is its author's.
 */
export function sumsDue({ submitted }: Pick<RoundEntry, 'submitted'>): number[] {
  const counts = new Map<number, number>();
  for (const { sum } of subjects.flatMap((subject) => submitted[subject]))
    counts.set(sum, (counts.get(sum) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([sum]) => sum)
    .sort((a, b) => a - b);
}
