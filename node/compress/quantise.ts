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

/** The root mean square that every probe's coordinates are brought to. */
export const probeRms = 24;

/** Factors that are tried: each makes up for what clipping at 127 took from the norm of the one before. */
const attempts = 6;

/**
 * The coordinates of a probe, of which only the direction is its own: all probes have the same norm,
 * `24 sqrt(n)`, so that none outweighs the others of its group. Coordinates are rounded to the nearest and
 * clipped at 127; a chunk that would exceed its bound shrinks all of them.
 * @param values the direction on the support, n of them.
 * @returns `chunks` arrays of K coordinates; all zero where `values` is.
 */
export function quantiseProbe(
  values: Float32Array,
  { coordinatesPerChunk, chunks, normBound }: ChunkLimits & { readonly chunks: number },
): Int8Array[] {
  const whole = Math.sqrt(sumOfSquares(values));
  const target = probeRms * Math.sqrt(values.length);
  const round = (factor: number): Int8Array[] =>
    Array.from({ length: chunks }, (_, c) => {
      const out = new Int8Array(coordinatesPerChunk);
      values.subarray(c * coordinatesPerChunk, (c + 1) * coordinatesPerChunk).forEach((x, j) => {
        out[j] = Math.max(-coordinateLimit, Math.min(coordinateLimit, Math.round(x * factor)));
      });
      return out;
    });
  if (whole === 0) return round(0);
  let factor = target / whole;
  let out = round(factor);
  for (let attempt = 1; attempt < attempts; attempt++) {
    const size = Math.sqrt(out.reduce((sum, chunk) => sum + sumOfSquares(chunk), 0));
    if (size === 0) break;
    factor *= target / size;
    out = round(factor);
  }
  // The bound is proven chunk by chunk; a chunk that holds most of a probe makes the whole of it shorter.
  while (out.some((chunk) => sumOfSquares(chunk) > normBound)) {
    factor *= 1 - 2 ** -6;
    out = round(factor);
  }
  return out;
}

function withinBound(values: Float64Array, bound: number): number {
  const square = sumOfSquares(values);
  return square > bound ? Math.sqrt(bound / square) * (1 - 2 ** -40) : 1;
}
