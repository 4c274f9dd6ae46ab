// Weights that make a sum show its addends: the attacks, and that they are refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkWeights, largestWeight } from '../../../node/protocol/index.ts';

const coordinate = fc.integer({ min: -127, max: 127 });

/** What is left of a number modulo `modulus`, from -modulus / 2 on. */
const centred = (value: number, modulus: number) => {
  const rest = ((value % modulus) + modulus) % modulus;
  return rest > modulus / 2 ? rest - modulus : rest;
};

describe('a sum shows an addend', () => {
  test('where two weights are large, however close they are: 300 and 301', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (first, second) => {
        const sum = 300 * first + 301 * second;
        expect(centred(sum, 300)).toBe(second);
        expect((sum - 301 * second) / 300).toBe(first);
      }),
    );
    expect(() => checkWeights('the sum', [300, 301])).toThrow(/300, 301.*none is above 4/);
  });
  test('where one weight is small beside the others, however many they are: 1 and four times 255', () => {
    const others = fc.array(coordinate, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(coordinate, others, (first, rest) => {
        const sum = rest.reduce((total, each) => total + 255 * each, first);
        expect(centred(sum, 255)).toBe(first);
      }),
    );
    expect(() => checkWeights('the sum', [1, 255, 255, 255, 255])).toThrow(/none is above 4/);
  });
  test('where it is the only one', () => {
    expect(() => checkWeights('round 3: its sum of probes', [1])).toThrow(
      /round 3: its sum of probes has 1 addends/,
    );
    expect(() => checkWeights('the sum', [])).toThrow(/fewer than 2/);
  });
});

describe('weights that pass', () => {
  test('let a coordinate of the sum tell at most 2 bits more than a plain sum does', () => {
    /** Bits that the weighted sum of two coordinates has. */
    const bitsOf = (light: number, heavy: number) => {
      const ways = new Map<number, number>();
      for (let a = -127; a <= 127; a++)
        for (let b = -127; b <= 127; b++) {
          const sum = light * a + heavy * b;
          ways.set(sum, (ways.get(sum) ?? 0) + 1);
        }
      return [...ways.values()].reduce((bits, n) => bits - (n / 255 ** 2) * Math.log2(n / 255 ** 2), 0);
    };
    for (let heavy = 1; heavy <= largestWeight; heavy++)
      for (let light = 1; light <= heavy; light++) {
        checkWeights('the sum', [light, heavy]);
        expect(bitsOf(light, heavy) - bitsOf(1, 1)).toBeLessThan(2);
      }
    // All bits of both, where the sum shows both.
    expect(bitsOf(300, 301)).toBeCloseTo(2 * Math.log2(255));
  });
  test('are counted without what they have in common', () => {
    checkWeights('the sum', [100, 400, 200]);
    checkWeights('the sum', [5, 5]);
    expect(() => checkWeights('the sum', [100, 500])).toThrow(/divisor, 100/);
    expect(() => checkWeights('the sum', [1, 1, 1, 1, 1, 5])).toThrow(/none is above 4/);
  });
});
