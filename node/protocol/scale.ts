// The public scale of quantisation and its rule (docs/encodings.md, "Scale, and how a sum is applied").
import { isqrt, lowerMedian } from './integers.ts';

/** What one step of `scale` is worth: a coordinate `u` stands for `u * scale * scaleUnit`. */
export const scaleUnit = 2 ** -48;
const largest = 2n ** 53n - 1n;

/** What the rule reads of a round. */
export interface ScaleRound {
  /** The model was accepted; after a rejected round the scale stays. */
  readonly accepted: boolean;
  /** `floor(log2 norm)` of the trainers' updates, as they are proven, but for those of nothing but zeros. */
  readonly buckets: readonly number[];
  /** Chunks times K, padding included. */
  readonly coordinates: number;
  /** Root mean square that the coordinates are steered to. */
  readonly targetRms: number;
}

/**
 * The next round's scale, an integer below 2^53. The lower median `m` of the buckets stands for a norm of
 * `1.5 * 2^m`. Where the target's norm lies in the same bucket the scale stays: a bucket tells the root mean
 * square within a factor of `sqrt 2`, and steering by its middle would move a scale that is right.
 * @throws RangeError for a scale outside of [1, 2^53 - 1].
 */
export function nextScale(scale: bigint, { accepted, buckets, coordinates, targetRms }: ScaleRound): bigint {
  if (scale < 1n || scale > largest) throw new RangeError(`scale is ${scale}, but it lies in [1, 2^53 - 1]`);
  if (!accepted || buckets.length === 0) return scale;
  const low = 1n << lowerMedian(buckets.map(BigInt));
  const target = BigInt(coordinates) * BigInt(targetRms) ** 2n;
  if (low <= target && target < 2n * low) return scale;
  const root = isqrt(((3n * low) << 31n) / BigInt(coordinates));
  const wanted = (scale * root) / (BigInt(targetRms) << 16n);
  return clamp(clamp(wanted, scale / 2n, 2n * scale), 1n, largest);
}

const clamp = (x: bigint, low: bigint, high: bigint): bigint => (x < low ? low : x > high ? high : x);
