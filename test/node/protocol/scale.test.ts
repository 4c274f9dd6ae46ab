import { describe, expect, test } from 'vitest';
import { isqrt, lowerMedian, nextScale } from '../../../node/protocol/index.ts';

describe('isqrt', () => {
  test('is the largest integer whose square fits', () => {
    for (const n of [0n, 1n, 2n, 3n, 4n, 8n, 9n, 10n ** 18n, 2n ** 106n - 1n, (2n ** 60n - 1n) ** 2n]) {
      const root = isqrt(n);
      expect(root * root <= n && (root + 1n) * (root + 1n) > n).toBe(true);
    }
    expect(() => isqrt(-1n)).toThrow(/isqrt: n is -1/);
  });
});

describe('lowerMedian', () => {
  test('takes the lower of two middles', () => {
    expect(lowerMedian([4n, 1n, 3n, 2n])).toBe(2n);
    expect(lowerMedian([-5n, 7n, 0n])).toBe(0n);
    expect(() => lowerMedian([])).toThrow(/no values/);
  });
});

describe('nextScale', () => {
  const round = { accepted: true, coordinates: 100, targetRms: 30 };
  test('is of a scale from 1 to 2^53 - 1, and refuses another, also where nothing was accepted', () => {
    const most = 2n ** 53n - 1n;
    const idle = { ...round, accepted: false, buckets: [] };
    for (const scale of [1n, most]) expect(nextScale(scale, idle)).toBe(scale);
    for (const scale of [0n, -1n, most + 1n])
      expect(() => nextScale(scale, idle)).toThrow(`scale is ${scale}`);
  });
  /** The bucket of a root mean square. */
  const at = (rms: number) => Math.floor(Math.log2(100 * rms * rms));
  test('steers the root mean square to the target', () => {
    expect(nextScale(1000n, { ...round, buckets: [at(30)] })).toBe(1000n);
    expect(nextScale(1000n, { ...round, buckets: [at(50)] })).toBe(1478n);
    expect(nextScale(1000n, { ...round, buckets: [at(20)] })).toBe(739n);
  });
  test('moves by a factor of two at most and stays in range', () => {
    expect(nextScale(1000n, { ...round, buckets: [at(127)] })).toBe(2000n);
    expect(nextScale(1000n, { ...round, buckets: [0] })).toBe(500n);
    expect(nextScale(1n, { ...round, buckets: [0] })).toBe(1n);
    expect(nextScale(2n ** 53n - 1n, { ...round, buckets: [at(127)] })).toBe(2n ** 53n - 1n);
  });
  test('stays after a rejected round and where nothing was proven', () => {
    expect(nextScale(1000n, { ...round, accepted: false, buckets: [1] })).toBe(1000n);
    expect(nextScale(1000n, { ...round, buckets: [] })).toBe(1000n);
  });
  test('the lower median resists one inflated update; a mean would not', () => {
    expect(nextScale(1000n, { ...round, buckets: [at(30), at(30), at(127)] })).toBe(1000n);
    expect(nextScale(1000n, { ...round, buckets: [at(127)] })).toBeGreaterThan(1000n);
  });
  test('comes to rest within a bucket of any target, from anywhere', () => {
    // Steering by the middle of a bucket without a band around the target would move for ever.
    for (let targetRms = 8; targetRms <= 90; targetRms++)
      for (const first of [1 / 40, 1 / 3, 1, 2.5, 30]) {
        const change = first * targetRms * 1e6;
        let scale = 1_000_000n;
        const scales: bigint[] = [];
        for (let r = 0; r < 40; r++) {
          const rms = change / Number(scale);
          scales.push(scale);
          scale = nextScale(scale, { ...round, targetRms, buckets: [Math.max(0, at(rms))] });
        }
        expect(new Set(scales.slice(30)).size).toBe(1);
        const rest = change / Number(scale) / targetRms;
        expect(rest).toBeGreaterThan(Math.SQRT1_2 - 0.01);
        expect(rest).toBeLessThan(Math.SQRT2 + 0.01);
      }
  });
});
