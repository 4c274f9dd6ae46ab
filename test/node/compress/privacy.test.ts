import { describe, expect, test } from 'vitest';
import {
  Compressor,
  gaussianEpsilon,
  gaussianRelease,
  localEpsilon,
  norm,
  renyi,
  secureNormal,
} from '../../../node/compress/index.ts';
import { seeded } from '../../../node/learn/random.ts';

/** Complementary error function to 1.2e-7 (Numerical Recipes, erfcc). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const c = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const p = c.reduceRight((sum, k) => sum * t + k, 0);
  const y = t * Math.exp(-x * x + p);
  return x >= 0 ? y : 2 - y;
}
/** The exact delta of the Gaussian mechanism (Balle and Wang 2018, Theorem 8). */
const exactDelta = (z: number, epsilon: number) =>
  erfc((epsilon * z - 0.5 / z) / Math.SQRT2) / 2 -
  (Math.exp(epsilon) * erfc((epsilon * z + 0.5 / z) / Math.SQRT2)) / 2;

describe('the accountant', () => {
  test("agrees with Google's dp_accounting: noise multiplier 4.530877117 is (1, 10^-6)", () => {
    expect(gaussianEpsilon(4.530877117, 1, 1e-6).epsilon).toBeCloseTo(1, 4);
  });
  test('has the Renyi divergence of Mironov (2017), Corollary 3', () => {
    expect(renyi(10, 1, 20)).toBe(0.1);
    expect(renyi(2.5, 1, 3.5)).toBeCloseTo(0.28, 12);
  });
  test('composes: n rounds are one with the noise divided by the root of n', () => {
    for (const n of [3, 10, 40])
      expect(gaussianEpsilon(5, n, 1e-5).epsilon).toBeCloseTo(
        gaussianEpsilon(5 / Math.sqrt(n), 1, 1e-5).epsilon,
        9,
      );
  });
  test('is never below the exact epsilon of the Gaussian mechanism and close above it', () => {
    expect(exactDelta(1, 1)).toBeCloseTo(0.126936737507, 6);
    for (const z of [0.7, 1, 2, 5, 10]) {
      const { epsilon } = gaussianEpsilon(z, 1, 1e-5);
      expect(exactDelta(z, epsilon)).toBeLessThanOrEqual(1e-5);
      expect(exactDelta(z, epsilon * 0.85)).toBeGreaterThan(1e-5);
    }
  });
  test('local privacy counts any two data sets as neighbours: twice the clip', () => {
    expect(localEpsilon({ sigma: 10, delta: 1e-5 }, 8)).toEqual(gaussianEpsilon(5, 8, 1e-5));
    expect(localEpsilon({ sigma: 10, delta: 1e-5 }, 0).epsilon).toBe(0);
  });
  test('refuses parameters without meaning', () => {
    expect(() => gaussianEpsilon(0, 1, 1e-5)).toThrow(/multiplier is 0/);
    expect(() => gaussianEpsilon(1, 1, 0)).toThrow(/delta is 0/);
    expect(() => gaussianEpsilon(1, 1.5, 1e-5)).toThrow(/rounds is 1.5/);
  });
});

describe('the mechanism', () => {
  test('clips, then adds noise of the stated deviation from the system', () => {
    const values = new Float32Array(4000).fill(1);
    const { released, noise } = gaussianRelease(values, { clip: 2, sigma: 0.5 });
    expect(norm(released.map((x, i) => x - noise[i]!))).toBeCloseTo(2, 3);
    // Deviation 1; its estimate from 4000 deviates has a standard error of 0.011; six of them.
    expect(Math.abs(norm(noise) / Math.sqrt(4000) - 1)).toBeLessThan(0.07);
    expect(secureNormal(8)).not.toEqual(secureNormal(8));
  });
  test('without clipping a single large value would show through the noise', () => {
    const loud = new Float32Array(10);
    loud[0] = 1000;
    const { released } = gaussianRelease(loud, { clip: 1, sigma: 1 });
    expect(Math.abs(released[0]!)).toBeLessThan(10);
  });
  test('noise never enters the residual: only the signal sent leaves it', () => {
    const compressor = new Compressor(4);
    const change = Float32Array.of(0.01, -0.01, 0.02, 0);
    compressor.accumulate(change, 0);
    const step = 2 ** -10;
    const [coordinates] = compressor.compress({
      support: Uint32Array.of(0, 1, 2, 3),
      scale: 2n ** 38n,
      coordinatesPerChunk: 4,
      chunks: 1,
      normBound: 4 * 127 ** 2,
      random: seeded(1, 'r'),
      privacy: { clip: 1, sigma: 0.03 },
    });
    // Sent is signal plus noise within one step of rounding, so what stays is at most that step.
    expect(Math.max(...coordinates!.map(Math.abs))).toBeGreaterThan(0);
    for (const x of compressor.residual) expect(Math.abs(x)).toBeLessThanOrEqual(step * 1.001);
  });
});
