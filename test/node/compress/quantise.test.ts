import { describe, expect, test } from 'vitest';
import { coordinatesOf, quantise, quantiseProbe, sumOfSquares } from '../../../node/compress/index.ts';
import { seeded } from '../../../node/learn/random.ts';

describe('quantise', () => {
  test('rounds without bias', () => {
    const random = seeded(1, 'bias');
    let sum = 0;
    const n = 20_000;
    for (let i = 0; i < n; i++)
      sum += quantise([3.3], { coordinatesPerChunk: 1, normBound: 127 ** 2, random })[0]!;
    // Standard error of the mean: sqrt(0.21 / n) = 0.0032; six of them.
    expect(Math.abs(sum / n - 3.3)).toBeLessThan(0.02);
  });
  test('rounding up can break the norm bound, so it must be looked at after rounding', () => {
    const upward = { uniform: () => 0.999 };
    const values = [3.5, 3.5, 3.5, 3.5];
    const bound = 49;
    const limits = { coordinatesPerChunk: 4, normBound: bound, random: upward };
    expect(sumOfSquares(values)).toBeLessThanOrEqual(bound);
    expect(sumOfSquares(values.map((x) => Math.floor(x + 0.999)))).toBeGreaterThan(bound);
    expect(sumOfSquares(quantise(values, limits))).toBeLessThanOrEqual(bound);
  });
});

describe('quantiseProbe', () => {
  const size = { coordinatesPerChunk: 64, chunks: 2, normBound: 64 * 48 ** 2 };
  const lengthOf = (chunks: readonly Int8Array[]) =>
    Math.sqrt(chunks.reduce((sum, chunk) => sum + sumOfSquares(chunk), 0));
  const target = 24 * Math.sqrt(100);
  test('gives every probe the same length, whatever that of the direction', () => {
    const random = seeded(1, 'direction');
    const direction = Float32Array.from({ length: 100 }, () => random.normal());
    for (const factor of [1e-6, 1, 1e6])
      expect(
        lengthOf(
          quantiseProbe(
            direction.map((x) => factor * x),
            size,
          ),
        ) / target,
      ).toBeCloseTo(1, 2);
  });
  test('makes up for what clipping takes from a few large coordinates', () => {
    const direction = Float32Array.from({ length: 100 }, (_, j) => (j === 7 ? 40 : j % 3));
    const chunks = quantiseProbe(direction, size);
    expect(chunks[0]![7]).toBe(127);
    expect(lengthOf(chunks) / target).toBeCloseTo(1, 1);
  });
  test('keeps every chunk within its bound', () => {
    const lopsided = Float32Array.from({ length: 100 }, (_, j) => (j < 64 ? 0 : j % 5));
    for (const normBound of [64 * 48 ** 2, 5000, 100, 1]) {
      const chunks = quantiseProbe(lopsided, { ...size, normBound });
      expect(sumOfSquares(chunks[1]!)).toBeLessThanOrEqual(normBound);
    }
  });
  test('no direction gives zeros', () => {
    expect(quantiseProbe(new Float32Array(100), size).every((chunk) => chunk.every((u) => u === 0))).toBe(
      true,
    );
  });
});

describe('coordinatesOf', () => {
  test('warms up, then keeps the density, within chunks and model', () => {
    const schedule = { density: 0.04, warmup: [0.25, 0.1], chunks: 2 };
    const model = { size: 1000, coordinatesPerChunk: 96 };
    const carried = [0, 1, 2, 50].map((round) => coordinatesOf(schedule, { ...model, round }));
    expect(carried).toEqual([192, 100, 40, 40]);
    const small = { size: 50, coordinatesPerChunk: 96, round: 0 };
    expect(coordinatesOf({ density: 1, warmup: [], chunks: 32 }, small)).toBe(50);
    expect(coordinatesOf({ density: 0.0001, warmup: [], chunks: 1 }, small)).toBe(1);
  });
});
