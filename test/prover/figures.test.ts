// Figures: rounding in exact integers, and the word that carries them.
import { decodeFigures, encodeFigures, figuresOf, maxGroups } from '@murmuration/prover';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const only = (product: bigint) => Array.from({ length: maxGroups }, (_, g) => (g === 2 ? product : 0n));

describe('scores', () => {
  it('are the cosine toward zero, within 127', () => {
    const size = fc.bigInt({ min: -(2n ** 32n) + 1n, max: 2n ** 32n - 1n });
    const positive = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
    fc.assert(
      fc.property(size, positive, positive, (product, norm, squaredLength) => {
        const { scores } = figuresOf({ products: only(product), norm }, squaredLength);
        const score = BigInt(scores[2]!);
        const [q, m] = [(128n * product) ** 2n, squaredLength * norm + 1n];
        expect(score ** 2n * m <= q).toBe(true);
        const larger = (score < 0n ? -score : score) + 1n;
        expect(larger === 128n || larger ** 2n * m > q).toBe(true);
        expect(score * product >= 0n).toBe(true);
        expect(scores.filter((_, g) => g !== 2)).toEqual([0, 0, 0, 0, 0, 0]);
      }),
    );
  });

  it('of an update of zeros are zeros', () => {
    expect(figuresOf({ products: only(0n), norm: 0n }, 2n ** 32n - 1n)).toEqual({
      scores: [0, 0, 0, 0, 0, 0, 0],
      bucket: 0,
    });
  });
});

describe('the word', () => {
  it('is seven bytes above 0 and a bucket', () => {
    const figures = { scores: [-127, 127, 0, 1, -1, 64, -64], bucket: 31 };
    const word = encodeFigures(figures);
    expect(word.toString(16)).toBe('1f40c07f8180ff01');
    expect(decodeFigures(word)).toEqual(figures);
  });

  it.each([-1n, 2n ** 64n])('%s is none', (word) => {
    expect(() => decodeFigures(word)).toThrow(/eight bytes hold figures/);
  });
});
