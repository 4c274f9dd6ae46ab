// How well scores tell those who default from those who do not.
import { auc } from '../learn/index.ts';

/** Of scores against outcomes; higher scores are to mean more default. */
export interface Discrimination {
  /** Area under the ROC curve: the chance that one who defaults has the higher score. */
  readonly auc: number;
  /** 2 AUC - 1. */
  readonly gini: number;
  /** Kolmogorov and Smirnov's distance: the largest difference of the two distributions of scores. */
  readonly ks: number;
}

/**
 * Measures scores.
 *
 * @param bad one a score: whether it came to default.
 * @throws {RangeError} unless there are both outcomes.
 */
export function discrimination(scores: ArrayLike<number>, bad: readonly boolean[]): Discrimination {
  const total = bad.filter(Boolean).length;
  if (scores.length !== bad.length || total === 0 || total === bad.length) {
    throw new RangeError(
      `there are ${total} defaults among ${bad.length} rows, but there must be both outcomes`,
    );
  }
  const area = auc(scores, (row) => bad[row]!);
  return { auc: area, gini: 2 * area - 1, ks: distance(scores, bad, total) };
}

function distance(scores: ArrayLike<number>, bad: readonly boolean[], total: number): number {
  const order = bad.map((_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let [defaults, others, largest] = [0, 0, 0];
  order.forEach((row, at) => {
    if (bad[row]) defaults++;
    else others++;
    // Rows of one score count together.
    const next = order[at + 1];
    if (next !== undefined && scores[next] === scores[row]) return;
    largest = Math.max(largest, Math.abs(others / (bad.length - total) - defaults / total));
  });
  return largest;
}
