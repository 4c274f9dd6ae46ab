// What hides a witness in its proof: two fresh scalars of the whole field.
import { fieldOrder } from '@murmuration/core';
import { expect, it } from 'vitest';
import { randomBlinders } from '../../../prover/wasm/groth16/finish.ts';
import { digitsOf, storedScalar, windowsOf } from '../../../prover/wasm/msm/windows.ts';

it('blinders are elements of the field, large and never the same', () => {
  const scalars = Array.from({ length: 50 }, randomBlinders).flatMap(({ r, s }) => [r, s]);
  expect(new Set(scalars).size).toBe(100);
  for (const scalar of scalars) expect(scalar > 0n && scalar < fieldOrder).toBe(true);
  // A hundred scalars that all lie in one half come once in 2^99 runs.
  expect(new Set(scalars.map((scalar) => scalar > fieldOrder / 2n)).size).toBe(2);
});

it.each([3, 8, 16, 20])(
  'a scalar is the sum of its digits in windows of %i bits, whatever its sign',
  (width) => {
    const windows = windowsOf(width);
    const half = fieldOrder / 2n;
    for (const scalar of [
      0n,
      1n,
      half,
      half + 1n,
      fieldOrder - 1n,
      -1n,
      -half,
      -half - 1n,
      1n - fieldOrder,
    ]) {
      const digits = digitsOf(storedScalar(scalar, windows), windows);
      const sum = digits.reduce(
        (all, digit, i) => all + BigInt(digit) * 2n ** BigInt(windows.list[i]!.position),
        0n,
      );
      expect((sum - scalar) % fieldOrder).toBe(0n);
      for (const [i, digit] of digits.entries()) {
        const reach = 2 ** (windows.list[i]!.bits - 1);
        expect(digit >= -reach && digit < reach).toBe(true);
      }
    }
  },
);

it.each([2, 21, 3.5])('there are no windows of %d bits', (width) => {
  expect(() => windowsOf(width)).toThrow(RangeError);
});
