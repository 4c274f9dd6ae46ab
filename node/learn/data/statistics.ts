// Scaling statistics computed federatedly: each party counts and adds up its own columns in fixed point, the
// coordinates travel as an update's do, and only their sum is opened. No row leaves its owner, and each
// party's part of the sum stays encrypted. A number is first mapped from the column's declared range to [-1,
// 1]. A statistic is split into digits that fit coordinates of 8 bits: six digits of base 64 for each of
// count, sum and sum of squares, 18 coordinates a column. With at most 1023 parties the digits' sums stay
// within the range of a sum (18 bits).
import { NodeError } from '../../errors.ts';
import type { CsvTable } from './csv.ts';
import type { CsvSpec, DataSpec } from './spec.ts';
import { columnPositions, readNumber, type Statistics } from './tabular.ts';

const base = 64;
const digits = 6;
const perColumn = 3 * digits;
/** Steps of fixed point in 1. */
const unit = 2 ** 16;
/** The largest value of six digits of at most 31 each; the least is a little further from 0. */
const largest = ((base / 2 - 1) * (base ** digits - 1)) / (base - 1);

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
      return { column, low: column.range[0], high: column.range[1] };
    });
}

/** Coordinates of a task's federated statistics: 0 where the task gives them all. */
export const statisticsCoordinates = (spec: DataSpec): number =>
  spec.kind === 'csv' ? openColumns(spec).length * perColumn : 0;

/** This party's coordinates, in [-32, 32): 18 a column, in the order of `openColumns`. */
export function localStatistics(table: CsvTable, spec: CsvSpec): Int8Array {
  const open = openColumns(spec);
  const at = columnPositions(table, spec);
  const coordinates = new Int8Array(open.length * perColumn);
  for (const [c, { column, low, high }] of open.entries()) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (const [r, row] of table.rows.entries()) {
      const value = readNumber(row[at.get(column.name)!]!.trim(), column, r);
      if (value === undefined) continue;
      const x = (2 * (value - low)) / (high - low) - 1;
      count++;
      sum += Math.round(x * unit);
      squares += Math.round(x * x * unit);
    }
    coordinates.set([...toDigits(count), ...toDigits(sum), ...toDigits(squares)], c * perColumn);
  }
  return coordinates;
}

/**
 * Means and deviations from the opened sum of all parties' coordinates.
 * @throws NodeError `learning` where a column has no value anywhere, or no data have such sums.
 */
export function combineStatistics(sum: ArrayLike<number>, spec: CsvSpec): Statistics {
  const open = openColumns(spec);
  if (sum.length < open.length * perColumn)
    throw new RangeError(
      `statistics: ${sum.length} coordinates, but ${open.length} columns need ${open.length * perColumn}`,
    );
  const out: Statistics = {};
  for (const [c, { column, low, high }] of open.entries()) {
    const [count, total, squares] = [0, 1, 2].map((k) => fromDigits(sum, c * perColumn + k * digits)) as [
      number,
      number,
      number,
    ];
    if (count < 1)
      throw new NodeError('learning', `statistics: column ${column.name} has no value at any party`);
    const mean = total / unit / count;
    const square = squares / unit / count;
    // The slack is half a step of rounding a value. No data give a mean outside the range, or a mean square
    // below the square of the mean.
    const slack = 1 / unit;
    if (Math.abs(mean) > 1 + slack || square > 1 + slack || square < mean * mean - 4 * slack)
      throw new NodeError(
        'learning',
        `statistics: column ${column.name}: no data have such sums; a party sent something else than its statistics`,
      );
    const variance = Math.max(0, square - mean * mean);
    const half = (high - low) / 2;
    out[column.name] = {
      mean: low + (mean + 1) * half,
      // A constant column carries nothing: any deviation will do, and 1 keeps it finite.
      deviation: Math.sqrt(variance) * half || 1,
    };
  }
  return out;
}

/** Balanced digits, least first: each in [-32, 32). */
function toDigits(value: number): number[] {
  if (!Number.isInteger(value) || Math.abs(value) > largest)
    throw new NodeError(
      'learning',
      `statistics: a sum of ${value} does not fit ${digits} digits of base ${base}`,
      { mend: 'Use fewer rows.' },
    );
  const out: number[] = [];
  for (let k = 0; k < digits; k++) {
    const digit = (((value % base) + base + base / 2) % base) - base / 2;
    out.push(digit);
    value = (value - digit) / base;
  }
  return out;
}

function fromDigits(sum: ArrayLike<number>, at: number): number {
  let value = 0;
  for (let k = digits - 1; k >= 0; k--) value = value * base + sum[at + k]!;
  return value;
}
