// Scaling statistics computed federatedly: each party counts and adds up its own columns in fixed point, the
// coordinates travel as an update's do, and only their sum is opened. No row leaves its owner, and each
// party's part of the sum stays encrypted.
import { NodeError } from '../../errors.ts';
import {
  type ColumnRange,
  columnSums,
  coordinatesPerColumn,
  decodeColumn,
  encodeColumn,
  scalingOf,
} from '../../protocol/statistics.ts';
import type { Examined } from './examine.ts';
import type { CsvSpec, DataSpec } from './spec.ts';
import type { Statistics } from './tabular.ts';

/** The numeric columns whose statistics the task does not give; each must declare its `range`. */
export function openColumns(spec: CsvSpec) {
  return spec.columns
    .filter((column) => column.type === 'numeric')
    .filter((column) => column.mean === undefined || column.deviation === undefined)
    .map((column) => {
      if (!column.range)
        throw new NodeError('learning', `statistics: column ${column.name} has no range`, {
          mend: 'Give [low, high], or mean and deviation.',
        });
      const range: ColumnRange = column.range;
      return { column, range };
    });
}

/** Coordinates of a task's federated statistics: 0 where the task gives them all. */
export const statisticsCoordinates = (spec: DataSpec): number =>
  spec.kind === 'csv' ? openColumns(spec).length * coordinatesPerColumn : 0;

/** This party's coordinates, in [-32, 32): 22 a column, in the order of `openColumns`. */
export function localStatistics({ spec, columns, usable }: Examined): Int8Array {
  return Int8Array.from(
    openColumns(spec).flatMap(({ column, range }) => {
      const { cells } = columns.find((one) => one.spec.name === column.name)!;
      const values = usable.map((row) => cells[row]!).filter((value) => !Number.isNaN(value));
      return encodeColumn(columnSums(values, range));
    }),
  );
}

/**
 * Means and deviations from the opened sum of all parties' coordinates.
 * @param onNarrow hears of columns whose values vary too little for their range; see `scalingOf`.
 * @throws NodeError `learning` where a column has no value anywhere, or no data have such sums.
 */
export function combineStatistics(
  sum: ArrayLike<number>,
  spec: CsvSpec,
  onNarrow: (column: string) => void = () => undefined,
): Statistics {
  const open = openColumns(spec);
  const needed = open.length * coordinatesPerColumn;
  if (sum.length < needed)
    throw new RangeError(`statistics: ${sum.length} coordinates, but ${open.length} columns need ${needed}`);
  const out: Statistics = {};
  for (const [c, { column, range }] of open.entries()) {
    const sums = decodeColumn(sum, c * coordinatesPerColumn);
    if (sums.count < 1)
      throw new NodeError('learning', `statistics: column ${column.name} has no value at any party`);
    const scaling = scalingOf(sums, range);
    if (!scaling)
      throw new NodeError(
        'learning',
        `statistics: column ${column.name}: no data have such sums; a party sent something else than its ` +
          'statistics',
      );
    if (scaling.narrow) onNarrow(column.name);
    out[column.name] = { mean: scaling.mean, deviation: scaling.deviation };
  }
  return out;
}
