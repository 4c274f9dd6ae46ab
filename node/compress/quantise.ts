// Quantisation to signed lanes with unbiased stochastic rounding (QSGD, Alistarh et al. 2017), within the
// lane limit and the chunk's proven norm bound. What it does not send is its caller's to keep.
import { coordinateLimit } from '../protocol/index.ts';

/** Where stochastic rounding gets its numbers in [0, 1). */
export interface Rounding {
  uniform(): number;
}

/**
 * One chunk's lanes: `|u_j| <= 127` and `sum u_j^2 <= normBound`, always.
 * @param values in units of one lane step; at most `lanes` of them, the rest is padding of 0.
 */
export function quantise(
  values: ArrayLike<number>,
  lanes: number,
  normBound: number,
  random: Rounding,
): Int8Array {
  if (values.length > lanes)
    throw new RangeError(`quantise: ${values.length} values; a chunk has ${lanes} lanes`);
  const clamped = Float64Array.from(values, (x) => Math.max(-coordinateLimit, Math.min(coordinateLimit, x)));
  const factor = withinBound(clamped, normBound);
  for (let j = 0; j < clamped.length; j++) clamped[j]! *= factor;
  const out = new Int8Array(lanes);
  for (let j = 0; j < clamped.length; j++) out[j] = Math.floor(clamped[j]! + random.uniform());
  // Rounding can lift the norm over the bound; rounding toward zero cannot.
  if (sumOfSquares(out) > normBound)
    for (let j = 0; j < clamped.length; j++) out[j] = Math.trunc(clamped[j]!);
  return out;
}

/** `sum u_j^2`, exact for any chunk. */
export function sumOfSquares(lanes: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < lanes.length; j++) sum += lanes[j]! * lanes[j]!;
  return sum;
}

/**
 * The lanes of a direction, where only direction counts (a probe): the largest common factor that keeps every
 * lane within 127 and every chunk within its bound, rounded to nearest.
 * @returns `chunks` arrays of `lanes`; all zero where `values` is.
 */
export function quantiseDirection(
  values: Float32Array,
  { lanes, chunks, normBound }: { lanes: number; chunks: number; normBound: number },
): Int8Array[] {
  let largest = 0;
  for (const x of values) largest = Math.max(largest, Math.abs(x));
  if (largest === 0) return Array.from({ length: chunks }, () => new Int8Array(lanes));
  let factor = coordinateLimit / largest;
  for (let c = 0; c < chunks; c++) {
    const square = sumOfSquares(values.subarray(c * lanes, (c + 1) * lanes));
    if (square > 0) factor = Math.min(factor, Math.sqrt(normBound / square));
  }
  const round = (shrink: number): Int8Array[] =>
    Array.from({ length: chunks }, (_, c) => {
      const out = new Int8Array(lanes);
      values.subarray(c * lanes, (c + 1) * lanes).forEach((x, j) => {
        out[j] = shrink < 1 ? Math.trunc(x * factor * shrink) : Math.round(x * factor);
      });
      return out;
    });
  const nearest = round(1);
  return nearest.every((chunk) => sumOfSquares(chunk) <= normBound) ? nearest : round(1 - 2 ** -20);
}

function withinBound(values: Float64Array, bound: number): number {
  const square = sumOfSquares(values);
  return square > bound ? Math.sqrt(bound / square) * (1 - 2 ** -40) : 1;
}
