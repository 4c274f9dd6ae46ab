// Means over splits of the same rows, and where they lie: splits share rows, so that their spread alone says too little.
import { parts } from '../../node/scenarios/index.ts';

/** A mean over splits, and its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly splits: number;
}

/**
 * The mean of a figure over random splits, with the corrected resampled t interval (Nadeau and Bengio, "Inference for
 * the generalization error", 2003): the variance of a mean over `J` splits is `(1 / J + test / train)` of their variance.
 * @param values one a split, two or more.
 */
export function correctedInterval(values: readonly number[]): Interval {
  const splits = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / splits;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (splits - 1);
  const reach = studentQuantile(splits - 1) * Math.sqrt((1 / splits + parts.test / parts.train) * variance);
  return { mean, low: mean - reach, high: mean + reach, splits };
}

/** The 97.5 % quantile of Student's t, by its expansion about the normal one: to three places from 8 degrees on. */
export function studentQuantile(freedom: number): number {
  const z = 1.959964;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, k) => sum + term / freedom ** (k + 1), z);
}
