// Statistics of a column as coordinates (docs/encodings.md, "Statistics"). A value is mapped from the
// column's range to [-1, 1] and counted in fixed point. Count, sum and sum of squares are split into digits,
// so that they fit coordinates of 8 bits: with at most 1023 parties the digits' sums stay inside a sum's
// coordinates.
import { NodeError } from '../errors.ts';

const base = 64;
const digits = 6;
/** Steps of fixed point in 1. */
const unit = 2 ** 16;
/** The largest value of six digits of at most 31 each; the least is a little further from 0. */
const largest = ((base / 2 - 1) * (base ** digits - 1)) / (base - 1);

/** Coordinates of a column: six digits for each of count, sum and sum of squares. */
export const coordinatesPerColumn = 3 * digits;

/** The least and the largest value of a column. */
export type ColumnRange = readonly [low: number, high: number];

/** What is counted of a column: `sum` and `squares` in steps of 2^-16 of the mapped values. */
export interface ColumnSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Counts the values of a column, each within its range. */
export function columnSums(values: Iterable<number>, [low, high]: ColumnRange): ColumnSums {
  let [count, sum, squares] = [0, 0, 0];
  for (const value of values) {
    const x = (2 * (value - low)) / (high - low) - 1;
    count++;
    sum += Math.round(x * unit);
    squares += Math.round(x * x * unit);
  }
  return { count, sum, squares };
}

/**
 * A column's coordinates, each in [-32, 32).
 * @throws NodeError `learning` for sums that six digits do not hold.
 */
export const encodeColumn = ({ count, sum, squares }: ColumnSums): number[] =>
  [count, sum, squares].flatMap(toDigits);

/** What the coordinates of a column, or their sum over parties, stand for. @param at index of the first. */
export function decodeColumn(coordinates: ArrayLike<number>, at: number): ColumnSums {
  const part = (k: number) => fromDigits(coordinates, at + k * digits);
  return { count: part(0), sum: part(1), squares: part(2) };
}

/** Mean and deviation of a column; undefined for sums that no values within the range have. */
export function scalingOf(
  { count, sum, squares }: ColumnSums,
  [low, high]: ColumnRange,
): { readonly mean: number; readonly deviation: number } | undefined {
  const mean = sum / unit / count;
  const square = squares / unit / count;
  // Half a step of rounding a value; no values give a mean outside of the range, or squares below its own.
  const slack = 1 / unit;
  if (!(Math.abs(mean) <= 1 + slack && square <= 1 + slack && square >= mean * mean - 4 * slack))
    return undefined;
  const variance = Math.max(0, square - mean * mean);
  const half = (high - low) / 2;
  // A constant column carries nothing: any deviation will do, and 1 keeps it finite.
  return { mean: low + (mean + 1) * half, deviation: Math.sqrt(variance) * half || 1 };
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

function fromDigits(coordinates: ArrayLike<number>, at: number): number {
  let value = 0;
  for (let k = digits - 1; k >= 0; k--) value = value * base + coordinates[at + k]!;
  return value;
}
