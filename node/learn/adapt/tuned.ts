// A site's own model: ridge logistic regression whose strength cross-validation chooses. And the deterministic folds
// that everything is measured by which is fitted at a site.
import { permutation, seeded } from '../random.ts';
import { fitLogistic, type LogisticRows, linearLogit, logLossOf, type Penalties } from './logistic.ts';

/** Parts of cross-fitting: each row is predicted by a fit to the other parts. */
export const foldCount = 5;

/** Strengths of the ridge that are tried, from a model of the class's share alone to a nearly free one. */
const strengths = [1e9, 300, 100, 30, 10, 3, 1, 0.3] as const;

/** Nothing is known of a site's share of ill people or bad loans; a little, so that a bias stays finite. */
const freeBias = 1e-6;

/** Whom rows of one label are dealt to: parts of equal size, each class spread evenly; the seed decides which. */
export function foldsOf(labels: ArrayLike<number>, seed: string): Uint8Array {
  const folds = new Uint8Array(labels.length);
  let dealt = 0;
  for (const label of [0, 1])
    for (const row of permutation(labels.length, seeded(seed, 'folds', label)))
      if (labels[row] === label) folds[row] = dealt++ % foldCount;
  return folds;
}

/** Of `rows`, those within a fold and those beyond it, fold by fold. */
export function partsOf(rows: readonly number[], folds: Uint8Array) {
  return Array.from({ length: foldCount }, (_, k) => ({
    inside: rows.filter((row) => folds[row] === k),
    outside: rows.filter((row) => folds[row] !== k),
  })).filter(({ inside, outside }) => inside.length > 0 && outside.length > 0);
}

/** A site's own model, fitted to `rows`: as many weights as inputs, then the bias. @param seed of its folds */
export function fitTuned(table: LogisticRows, rows: readonly number[], seed: string): Float64Array {
  const folds = foldsOf(table.labels, seed);
  const penalties = (strength: number): Penalties => ({ weights: strength, bias: freeBias });
  const losses = strengths.map((strength) =>
    partsOf(rows, folds).flatMap(({ inside, outside }) => {
      const weights = fitLogistic(table, outside, penalties(strength));
      return inside.map((row) =>
        logLossOf(linearLogit(weights, table.inputs, row) + (table.offset?.[row] ?? 0), table.labels[row]!),
      );
    }),
  );
  return fitLogistic(table, rows, penalties(strengths[firstNearBest(losses, 0.5)]!));
}

/**
 * The first choice whose mean loss is within so many standard errors of the best one's, by their difference row by
 * row: of choices that cannot be told apart, the one that is listed first.
 * @param losses of each choice, row by row.
 */
export function firstNearBest(losses: readonly (readonly number[])[], errors: number): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const means = losses.map(mean);
  const best = means.indexOf(Math.min(...means));
  return losses.findIndex((own, choice) => {
    const apart = own.map((loss, i) => loss - losses[best]![i]!);
    const spread = Math.sqrt(mean(apart.map((d) => (d - mean(apart)) ** 2)));
    return means[choice]! - means[best]! <= (errors * spread) / Math.sqrt(own.length);
  });
}
