import { describe, expect, test } from 'vitest';
import { auc } from '../../../node/learn/evaluate.ts';
import { evaluatePredictions } from '../../../node/learn/index.ts';

describe('evaluation', () => {
  test('of two classes by hand', () => {
    const result = evaluatePredictions([0.9, 0.1, 0.4, 0.6, 0.65, 0.35, 0.2, 0.8], [0, 0, 1, 1], 2);
    expect(result.accuracy).toBe(0.5);
    expect(result.auc).toBe(0.75);
    expect(result.logLoss).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.4) + Math.log(0.35) + Math.log(0.8)) / 4,
      12,
    );
    // Bins: 0.9 right, 0.6 and 0.65 wrong together, 0.8 right.
    expect(result.calibration).toBeCloseTo((0.1 + 1.25 + 0.2) / 4, 12);
  });
  test('ties count half, one class alone says nothing', () => {
    expect(auc([0.5, 0.5], (row) => row === 0)).toBe(0.5);
    expect(auc([0.1, 0.9], () => true)).toBe(0.5);
    expect(auc([0.1, 0.9], (row) => row === 1)).toBe(1);
  });
  test('of several classes, each against the rest', () => {
    const perfect = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    expect(evaluatePredictions(perfect, [0, 1, 2], 3)).toMatchObject({ accuracy: 1, auc: 1, calibration: 0 });
    expect(() => evaluatePredictions([1], [0, 1], 2)).toThrow(/1 probabilities for 2 labels/);
  });
});
