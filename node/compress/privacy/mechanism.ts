// Local differential privacy: an update is clipped to an l2 norm and drowned in normal noise from the
// system's CSPRNG before it is quantised (rounding and clipping afterwards are post-processing).
//
// Neighbours are any two data sets of the trainer (the local model): two clipped updates differ by at most `2
// * clip`, so a deviation of `sigma * clip` is a noise multiplier of `sigma / 2`; see `accountant.ts`. A
// float sampler is not Mironov's (2012) exact one: the coordinates of b bits, on a public grid, hide the low
// bits that his attack reads.
import { randomFillSync } from 'node:crypto';
import { clipFactor } from '../norm.ts';

/** `clip`: largest l2 norm of a released update. `sigma`: the noise's deviation is `sigma * clip`. */
export interface LocalPrivacy {
  readonly clip: number;
  readonly sigma: number;
}

/** The clipped values with noise, and the noise alone (which the caller must keep to itself). */
export function gaussianRelease(
  values: Float32Array,
  { clip, sigma }: LocalPrivacy,
): { released: Float32Array; noise: Float32Array } {
  const factor = clipFactor(values, clip);
  const noise = secureNormal(values.length).map((x) => x * sigma * clip);
  return { released: values.map((x, j) => factor * x + noise[j]!), noise };
}

/** Standard normal deviates (Box and Muller) from 53-bit uniforms of the system's CSPRNG. */
export function secureNormal(count: number): Float32Array {
  const words = randomFillSync(new BigUint64Array(2 * count));
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const u = (Number(words[2 * i]! >> 11n) + 1) / 2 ** 53;
    const v = Number(words[2 * i + 1]! >> 11n) / 2 ** 53;
    out[i] = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }
  return out;
}
