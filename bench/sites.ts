// Sites' rows for the benchmarks of several sites: cut by class, dealt to seats, described together.
import {
  type CsvSpec,
  combineStatistics,
  type Dataset,
  type OwnData,
  permutation,
  type Statistics,
  seeded,
  statisticsCoordinates,
  take,
} from '../node/learn/index.ts';

/** Numbers of a site's rows. */
export type CutRows = Readonly<Record<'train' | 'holdout' | 'test', number[]>>;

/** Cuts rows by class. @param order of the rows @param parts of each class; the rest trains */
export function cutRows(
  labels: ArrayLike<number>,
  order: Iterable<number>,
  parts: { readonly test: number; readonly holdout: number },
): CutRows {
  const all = Array.from(order);
  const found: CutRows = { train: [], holdout: [], test: [] };
  for (const label of [0, 1]) {
    const rows = all.filter((row) => labels[row] === label);
    const [test, holdout] = [Math.round(rows.length * parts.test), Math.round(rows.length * parts.holdout)];
    found.test.push(...rows.slice(0, test));
    found.holdout.push(...rows.slice(test, test + holdout));
    found.train.push(...rows.slice(test + holdout));
  }
  return found;
}

/** Deals rows to `count` seats, about as many to each. */
export function dealRows(data: Dataset, count: number, seed: string): Dataset[] {
  const order = Array.from(permutation(data.count, seeded(seed, 'deal')));
  return Array.from({ length: count }, (_, v) =>
    take(
      data,
      order.filter((_, k) => k % count === v),
    ),
  );
}

/** The statistics of all sites' rows together. */
export function statisticsOf(sites: readonly OwnData[], spec: CsvSpec): Statistics {
  const lanes = Array.from({ length: statisticsCoordinates(spec) }, (_, j) =>
    sites.reduce((sum, { statistics }) => sum + statistics[j]!, 0),
  );
  return combineStatistics(lanes, spec);
}
