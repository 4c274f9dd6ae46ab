import { describe, expect, test } from 'vitest';
import { permutation, seeded } from '../../../node/learn/index.ts';
import { xoshiro128 } from '../../../node/learn/random.ts';

describe('xoshiro128**', () => {
  test('gives the numbers of the reference implementation', () => {
    // xoshiro128starstar.c (Blackman and Vigna, 2018) from state 1, 2, 3, 4.
    const random = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 6 }, () => random.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492,
    ]);
    expect(() => xoshiro128([0, 0, 0, 0])).toThrow(/all zero/);
  });
  test('streams of other labels are others, of the same labels the same', () => {
    const first = (...labels: (string | number)[]) => seeded(1, ...labels).uint32();
    expect(first('a', 1)).toBe(first('a', 1));
    expect(new Set([first('a', 1), first('a', 2), first('a1'), first('a', '1')]).size).toBe(4);
  });
  test('is even below a bound, in [0, 1), and normal', () => {
    const random = seeded(1, 'moments');
    const counts = [0, 0, 0];
    let sum = 0;
    let squares = 0;
    const n = 30_000;
    for (let i = 0; i < n; i++) {
      counts[random.below(3)]!++;
      const u = random.uniform();
      expect(u >= 0 && u < 1).toBe(true);
      const x = random.normal();
      sum += x;
      squares += x * x;
    }
    for (const count of counts) expect(Math.abs(count - n / 3)).toBeLessThan(500);
    expect(Math.abs(sum / n)).toBeLessThan(0.035);
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.05);
    expect(() => random.below(0)).toThrow(/bound is 0/);
  });
  test('a permutation holds each number once', () => {
    expect(Array.from(permutation(50, seeded(3))).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });
});
