// Quantisation to coordinates of 8 bits with unbiased stochastic rounding (QSGD, Alistarh et al. 2017),
// within the coordinate's range and the chunk's proven norm bound. The caller keeps the part that is lost.
import { coordinateLimit } from '../protocol/index.ts';

/** What a chunk holds, at most. */
export interface ChunkLimits {
  /** K. */
  readonly coordinatesPerChunk: number;
  /** Largest sum of squares. */
  readonly normBound: number;
}

/** The source of stochastic rounding's numbers, in [0, 1). */
export interface Rounding {
  uniform(): number;
}

/**
 * One chunk's coordinates: `|u_j| <= 127` and `sum u_j^2 <= normBound`, always.
 * @param values in units of a coordinate's step; at most K of them, the rest is padded with 0.
 */
export function quantise(
  values: ArrayLike<number>,
  { coordinatesPerChunk, normBound, random }: ChunkLimits & { readonly random: Rounding },
): Int8Array {
  if (values.length > coordinatesPerChunk)
    throw new RangeError(`quantise: ${values.length} values, but a chunk has ${coordinatesPerChunk}`);
  const clamped = Float64Array.from(values, (x) => Math.max(-coordinateLimit, Math.min(coordinateLimit, x)));
  const factor = withinBound(clamped, normBound);
  for (let j = 0; j < clamped.length; j++) clamped[j]! *= factor;
  const out = new Int8Array(coordinatesPerChunk);
  for (let j = 0; j < clamped.length; j++) out[j] = Math.floor(clamped[j]! + random.uniform());
  // Rounding can lift the norm over the bound; rounding toward zero cannot.
  if (sumOfSquares(out) > normBound)
    for (let j = 0; j < clamped.length; j++) out[j] = Math.trunc(clamped[j]!);
  return out;
}

/** `sum u_j^2`, exact for any chunk. */
export function sumOfSquares(coordinates: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < coordinates.length; j++) sum += coordinates[j]! * coordinates[j]!;
  return sum;
}

/**
 * The coordinates of a direction, where only direction counts (a probe): the largest common factor that keeps
 * every coordinate within 127 and every chunk within its bound, rounded to nearest.
 * @returns `chunks` arrays of K coordinates; all zero where `values` is.
 */
export function quantiseDirection(
  values: Float32Array,
  { coordinatesPerChunk, chunks, normBound }: ChunkLimits & { readonly chunks: number },
): Int8Array[] {
  let largest = 0;
  for (const x of values) largest = Math.max(largest, Math.abs(x));
  if (largest === 0) return Array.from({ length: chunks }, () => new Int8Array(coordinatesPerChunk));
  let factor = coordinateLimit / largest;
  for (let c = 0; c < chunks; c++) {
    const square = sumOfSquares(values.subarray(c * coordinatesPerChunk, (c + 1) * coordinatesPerChunk));
    if (square > 0) factor = Math.min(factor, Math.sqrt(normBound / square));
  }
  const round = (shrink: number): Int8Array[] =>
    Array.from({ length: chunks }, (_, c) => {
      const out = new Int8Array(coordinatesPerChunk);
      values.subarray(c * coordinatesPerChunk, (c + 1) * coordinatesPerChunk).forEach((x, j) => {
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
