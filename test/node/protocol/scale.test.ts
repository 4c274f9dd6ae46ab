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
  test('steers the root mean square to the target', () => {
    expect(nextScale(1000n, { ...round, norms: [30n * 30n * 100n] })).toBe(1000n);
    expect(nextScale(1000n, { ...round, norms: [45n * 45n * 100n] })).toBe(1500n);
  });
  test('moves by a factor of two at most and stays in range', () => {
    expect(nextScale(1000n, { ...round, norms: [127n * 127n * 100n] })).toBe(2000n);
    expect(nextScale(1000n, { ...round, norms: [0n] })).toBe(500n);
    expect(nextScale(1n, { ...round, norms: [0n] })).toBe(1n);
    expect(nextScale(2n ** 53n - 1n, { ...round, norms: [127n * 127n * 100n] })).toBe(2n ** 53n - 1n);
  });
  test('stays after a rejected round and where nothing was proven', () => {
    expect(nextScale(1000n, { ...round, accepted: false, norms: [1n] })).toBe(1000n);
    expect(nextScale(1000n, { ...round, norms: [] })).toBe(1000n);
  });
  test('the lower median resists one inflated update; a mean would not', () => {
    const honest = 30n * 30n * 100n;
    const inflated = 127n * 127n * 100n;
    expect(nextScale(1000n, { ...round, norms: [honest, honest, inflated] })).toBe(1000n);
    const mean = (honest + honest + inflated) / 3n;
    expect(nextScale(1000n, { ...round, norms: [mean] })).toBeGreaterThan(1000n);
  });
});
