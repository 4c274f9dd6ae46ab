// Sums of multiples in every kernel against noble-curves and ffjavascript: sizes, windows and tables of every shape, and what goes wrong
// first: points that are equal or opposite, sums that are infinity, scalars that are 0, 1, small, negative, or longer than expected.
import { fieldOrder as r } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../prover/wasm/msm/bases.ts';
import { additions } from '../../../prover/wasm/msm/batch.ts';
import { digitsOf, storedScalar, windowsOf } from '../../../prover/wasm/msm/windows.ts';
import { usableKernels } from './support/kernels.ts';
import { createTestSum, pseudorandom } from './support/summing.ts';

/** How many random sums each kernel is asked for. More take longer: MURMURATION_SUMS=10000 runs what a release needs. */
const randomSums = Number(process.env.MURMURATION_SUMS ?? 150);

const edges = [
  0n,
  1n,
  2n,
  r - 1n,
  r - 2n,
  r / 2n,
  r / 2n + 1n,
  r / 2n + 2n,
  2n ** 128n,
  2n ** 252n,
  2n ** 253n,
];

describe('digits', () => {
  it.each([3, 4, 7, 8, 11, 12, 13, 14, 15, 16, 17, 20])('of %i bits make the scalar again', (width) => {
    const windows = windowsOf(width);
    const values = pseudorandom(BigInt(width));
    for (const scalar of [...edges, ...Array.from({ length: 50 }, () => values.next().value as bigint)]) {
      const stored = storedScalar(scalar, windows);
      expect(stored >= 0n && stored < 2n ** 255n).toBe(true);
      const digits = digitsOf(stored, windows);
      const value = windows.list.reduce(
        (sum, { position }, i) => sum + BigInt(digits[i]!) * 2n ** BigInt(position),
        0n,
      );
      expect((((value - scalar) % r) + r) % r).toBe(0n);
    }
  });
  it('of small scalars are few, of either sign', () => {
    const windows = windowsOf(12);
    const used = (scalar: bigint) =>
      digitsOf(storedScalar(scalar, windows), windows).filter((digit) => digit !== 0).length;
    expect([0n, 1n, r - 1n, 1000n, r - 1000n].map(used)).toEqual([0, 1, 1, 1, 1]);
  });
  it.each([2, 21, 3.5])('%d wide are refused', (width) => {
    expect(() => windowsOf(width)).toThrow(/a window has/);
  });
});

describe.each(usableKernels.map((name) => [name] as const))('%s', (name) => {
  describe.each([1, 2] as const)('G%i', (degree) => {
    const shape = (full: number, short: number, width: number, levels: number) =>
      shapeOf({ degree, full, short }, width, levels);
    const numbers = (seed: bigint, count: number) => {
      const values = pseudorandom(seed);
      return Array.from({ length: count }, () => values.next().value as bigint);
    };

    it.each([
      [1, 5, 1],
      [2, 5, 6],
      [3, 12, 22],
      [5, 4, 64],
      [33, 7, 3],
      [100, 11, 6],
      [257, 13, 5],
    ])('%i points, %i bits, %i levels', async (count, width, levels) => {
      const sum = await createTestSum(name, shape(count, 0, width, levels), numbers(7n, count));
      expect(sum.holds(numbers(8n, count))).toBe(true);
      expect(sum.holds(numbers(9n, count), { parts: 3 })).toBe(true);
    });

    it('equal points, opposite points, and sums that are infinity', async () => {
      const [a, b] = numbers(3n, 2) as [bigint, bigint];
      const points = [
        a,
        a,
        a,
        a,
        r - a,
        r - a,
        b,
        b,
        r - b,
        r - b,
        a + b - r < 0n ? a + b : a + b - r,
        1n,
        r - 1n,
      ];
      const sum = await createTestSum(name, shape(points.length, 0, 5, 6), points);
      for (const scalar of edges) expect(sum.holds(points.map(() => scalar))).toBe(true);
      const random = numbers(4n, points.length);
      expect(sum.holds(random)).toBe(true);
      // a + a + a + a - a - a and so on, with the same digit for all: every list meets its own points.
      expect(sum.holds([3n, 3n, 3n, 3n, 3n, 3n, 3n, 3n, 3n, 3n, 0n, 0n, 0n])).toBe(true);
      expect(sum.holds([1n, r - 1n, 0n, 0n, 0n, 0n, 1n, 0n, 1n, 0n, 0n, 5n, 5n])).toBe(true);
    });

    it.each([-1, 0, 1, 2, 3, 4])('as many additions as fill a batch, and %i', async (more) => {
      // All in one list, whose first round has half as many additions; over memory that no other sum has left clean.
      const points = numbers(5n, 2 * (additions[degree] + more));
      const sum = await createTestSum(name, shape(0, points.length, 8, 1), points);
      expect(sum.holds(points.map(() => 1n))).toBe(true);
    });

    it('one point many times', async () => {
      const points = new Array<bigint>(150).fill(12345n);
      const sum = await createTestSum(name, shape(points.length, 0, 4, 2), points);
      expect(sum.holds(points.map(() => 1n))).toBe(true);
      expect(sum.holds(points.map((_, i) => (i % 2 === 0 ? 1n : r - 1n)))).toBe(true);
      expect(sum.holds(numbers(2n, points.length))).toBe(true);
    });

    it('scalars that are all 0, all bits, or sparse', async () => {
      const count = 300;
      const sum = await createTestSum(name, shape(count, 0, 9, 6), numbers(21n, count));
      expect(sum.holds(new Array<bigint>(count).fill(0n))).toBe(true);
      expect(sum.holds(new Array<bigint>(count).fill(1n))).toBe(true);
      expect(sum.holds(numbers(22n, count).map((value) => value & 1n))).toBe(true);
      expect(sum.holds(numbers(23n, count).map((value, i) => (i % 97 === 0 ? value : 0n)))).toBe(true);
      expect(sum.holds(numbers(24n, count).map((value) => (value & 1n ? r - 1n : 0n)))).toBe(true);
    });

    it('points with one level, whose scalars are bits, small, or long after all', async () => {
      const [full, short] = [20, 90];
      const sum = await createTestSum(name, shape(full, short, 8, 6), numbers(31n, full + short));
      const scalars = (of: (value: bigint) => bigint) =>
        numbers(32n, full + short).map((value, i) => (i < full ? value : of(value)));
      expect(sum.holds(scalars((value) => value & 1n))).toBe(true);
      expect(sum.holds(scalars((value) => (value % 128n) - 64n))).toBe(true);
      expect(
        sum.holds(
          scalars((value) => (value % 5n === 0n ? value : 1n)),
          { long: true },
        ),
      ).toBe(true);
      expect(
        sum.holds(
          scalars((value) => value),
          { long: true },
        ),
      ).toBe(true);
    });

    it(`${randomSums} sums with edge cases among their points and scalars`, async () => {
      const values = pseudorandom(BigInt(randomSums));
      const next = () => values.next().value as bigint;
      const count = 24;
      let [sum, done] = [await createTestSum(name, shape(count, 0, 5, 4), numbers(1n, count)), 0];
      while (done < randomSums / (degree === 1 ? 1 : 4)) {
        if (done % 50 === 49) {
          const points = numbers(next(), count);
          for (let i = 1; i < count; i += 3) points[i] = i % 2 === 0 ? points[i - 1]! : r - points[i - 1]!;
          sum = await createTestSum(name, shape(count, 0, 4 + (done % 4), 1 + (done % 7)), points);
        }
        const scalars = Array.from({ length: count }, () => {
          const value = next();
          const kind = Number(value % 8n);
          if (kind === 0) return edges[Number(next() % BigInt(edges.length))]!;
          if (kind === 1) return value % 32n;
          return kind === 2 ? r - 1n - (value % 16n) : value;
        });
        expect(sum.holds(scalars, { parts: 1 + (done % 2) })).toBe(true);
        done++;
      }
    });
  });

  it('one list longer than what is summed at a time', async () => {
    const count = 40_000;
    const values = pseudorandom(99n);
    const points = Array.from({ length: count }, () => values.next().value as bigint);
    const sum = await createTestSum(name, shapeOf({ degree: 1, full: 0, short: count }, 8, 1), points);
    expect(sum.holds(new Array<bigint>(count).fill(1n))).toBe(true);
    expect(sum.holds(points.map((_, i) => BigInt(i % 3)))).toBe(true);
  });

  it('an abort ends tables at the next doubling, and a sum at its next batch', async () => {
    let left = 2;
    const abort = () => {
      if (left-- === 0) throw new Error('aborted');
    };
    const points = [3n, 5n, 7n, 11n];
    const shape = shapeOf({ degree: 1, full: points.length, short: 0 }, 5, 4);
    await expect(createTestSum(name, shape, points, abort)).rejects.toThrow('aborted');
    left = Number.POSITIVE_INFINITY;
    const sum = await createTestSum(name, shape, points, abort);
    left = 0;
    expect(() => sum.holds([1n, 1n, 1n, 1n])).toThrow('aborted');
  });
});
