import { describe, expect, test } from 'vitest';
import { coordinatesOf, quantise, quantiseDirection, sumOfSquares } from '../../../node/compress/index.ts';
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

describe('quantiseDirection', () => {
  const size = { coordinatesPerChunk: 3, chunks: 2, normBound: 3 * 127 ** 2 };
  test('uses the full range and keeps proportions over all chunks', () => {
    const chunks = quantiseDirection(Float32Array.of(1, -2, 0.5, 4, 0), size);
    expect(chunks.map((c) => [...c])).toEqual([
      [32, -63, 16],
      [127, 0, 0],
    ]);
  });
  test('keeps every chunk within its bound', () => {
    for (let bound = 1; bound < 3000; bound += 97) {
      const chunks = quantiseDirection(Float32Array.of(1, -1, 1, 0.3, 0.2), { ...size, normBound: bound });
      for (const chunk of chunks) expect(sumOfSquares(chunk)).toBeLessThanOrEqual(bound);
    }
  });
  test('no direction gives zeros', () => {
    expect(quantiseDirection(new Float32Array(4), size).flatMap((c) => [...c])).toEqual([0, 0, 0, 0, 0, 0]);
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
