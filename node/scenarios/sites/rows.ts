// Rows of several sites: cut by class, dealt to seats, described together.
import {
  type CsvSpec,
  combineStatistics,
  type Dataset,
  type OwnData,
  permutation,
  type Statistics,
  seeded,
  statisticsCoordinates,
  type Table,
  take,
} from '../../learn/index.ts';

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

/** The numbers of `count` rows that each of `seats` gets, about as many each. */
function dealt(count: number, seats: number, seed: string): number[][] {
  const order = Array.from(permutation(count, seeded(seed, 'deal')));
  return Array.from({ length: seats }, (_, v) => order.filter((_, k) => k % seats === v));
}

/** Deals rows to seats, about as many to each. */
export const dealRows = (data: Dataset, seats: number, seed: string): Dataset[] =>
  dealt(data.count, seats, seed).map((rows) => take(data, rows));

/** Some of a table's rows. */
export const rowsOf = ({ header, rows }: Table, which: readonly number[]): Table => ({
  header,
  rows: which.map((row) => rows[row]!),
});

/** Deals a table's rows to seats, about as many to each. */
export const dealTable = (table: Table, seats: number, seed: string): Table[] =>
  dealt(table.rows.length, seats, seed).map((rows) => rowsOf(table, rows));

/** The statistics of all sites' rows together. */
export function statisticsOf(sites: readonly OwnData[], spec: CsvSpec): Statistics {
  const lanes = Array.from({ length: statisticsCoordinates(spec) }, (_, j) =>
    sites.reduce((sum, { statistics }) => sum + statistics[j]!, 0),
  );
  return combineStatistics(lanes, spec);
}
