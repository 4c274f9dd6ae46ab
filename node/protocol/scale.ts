// The public scale of quantisation and its rule (docs/encodings.md, "Scale, and how a sum is applied").
import { isqrt, lowerMedian } from './integers.ts';

/** What one step of `scale` is worth: a coordinate `u` stands for `u * scale * scaleUnit`. */
export const scaleUnit = 2 ** -48;
const largest = 2n ** 53n - 1n;

/** What the rule reads of a round. */
export interface ScaleRound {
  /** The model was accepted; after a rejected round the scale stays. */
  readonly accepted: boolean;
  /** The trainers' proven norms, all chunks of an update added. */
  readonly norms: readonly bigint[];
  /** Chunks times K, padding included. */
  readonly coordinates: number;
  /** Root mean square that the coordinates are steered to. */
  readonly targetRms: number;
}

/** The next round's scale, an integer below 2^53. @throws RangeError for a scale outside of [1, 2^53 - 1]. */
export function nextScale(scale: bigint, { accepted, norms, coordinates, targetRms }: ScaleRound): bigint {
  if (scale < 1n || scale > largest) throw new RangeError(`scale is ${scale}; it must lie in [1, 2^53 - 1]`);
  if (!accepted || norms.length === 0) return scale;
  const root = isqrt((lowerMedian(norms) << 32n) / BigInt(coordinates));
  const wanted = (scale * root) / (BigInt(targetRms) << 16n);
  return clamp(clamp(wanted, scale / 2n, 2n * scale), 1n, largest);
}

const clamp = (x: bigint, low: bigint, high: bigint): bigint => (x < low ? low : x > high ? high : x);
