// Statistics of a column as coordinates (docs/encodings.md, "Statistics"). A value is mapped from the
// column's range to [-1, 1] and counted in fixed point. Count, sum and sum of squares are split into digits,
// so that they fit coordinates of 8 bits: with at most 1023 parties the digits' sums stay inside a sum's
// coordinates.
import { NodeError } from '../errors.ts';

const base = 64;
/** Digits of count, sum and sum of squares. */
const digits = [6, 8, 8] as const;
/** Steps of fixed point in 1. */
const unit = 2 ** 24;

/** Coordinates of a column: the digits of count, sum and sum of squares. */
export const coordinatesPerColumn = digits[0] + digits[1] + digits[2];

/**
 * The least variance of mapped values that is told from rounding. A value's rounding is at most half a step, so the
 * mean of squares and the squared mean are at most half a step and one step off: a tenth of this.
 */
const leastVariance = 16 / unit;

/** The least and the largest value of a column. */
export type ColumnRange = readonly [low: number, high: number];

/** What is counted of a column: `sum` and `squares` in steps of 2^-24 of the mapped values. */
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
 * @throws NodeError `learning` for sums that their digits do not hold: of more than eight million rows.
 */
export const encodeColumn = ({ count, sum, squares }: ColumnSums): number[] =>
  [count, sum, squares].flatMap((value, part) => toDigits(value, digits[part]!));

/** What the coordinates of a column, or their sum over parties, stand for. @param at index of the first. */
export function decodeColumn(coordinates: ArrayLike<number>, at: number): ColumnSums {
  const [count, sum, squares] = digits;
  return {
    count: fromDigits(coordinates, at, count),
    sum: fromDigits(coordinates, at + count, sum),
    squares: fromDigits(coordinates, at + count + sum, squares),
  };
}

/** How a column is scaled. */
export interface Scaling {
  readonly mean: number;
  /** Above 0. Half the range where the values vary too little to tell by how much: whatever comes stays in [-2, 2]. */
  readonly deviation: number;
  /** Whether they vary too little: by less than 1/1024 of half the range. */
  readonly narrow: boolean;
}

/** How a column with these sums is scaled; undefined for sums that no values within the range have. */
export function scalingOf(
  { count, sum, squares }: ColumnSums,
  [low, high]: ColumnRange,
): Scaling | undefined {
  const mean = sum / unit / count;
  const square = squares / unit / count;
  // Half a step of rounding a value; no values give a mean outside of the range, or squares below its own.
  const slack = 1 / unit;
  if (!(Math.abs(mean) <= 1 + slack && square <= 1 + slack && square >= mean * mean - 4 * slack))
    return undefined;
  const variance = square - mean * mean;
  const half = (high - low) / 2;
  const narrow = variance < leastVariance;
  return { mean: low + (mean + 1) * half, deviation: narrow ? half : Math.sqrt(variance) * half, narrow };
}

/** Balanced digits, least first: each in [-32, 32). */
function toDigits(value: number, digits: number): number[] {
  // All digits 31; the least is a little further from 0.
  const largest = ((base / 2 - 1) * (base ** digits - 1)) / (base - 1);
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

function fromDigits(coordinates: ArrayLike<number>, at: number, digits: number): number {
  let value = 0;
  for (let k = digits - 1; k >= 0; k--) value = value * base + coordinates[at + k]!;
  return value;
}
