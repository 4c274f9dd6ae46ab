import { describe, expect, test } from 'vitest';
import { groupOf, probeSum, subjectOf, sumName, sumsIn, updateSum } from '../../../node/protocol/sums.ts';

describe('the sums of a round', () => {
  test('a mask holds just those whose bits are set, ascending', () => {
    expect(sumsIn(0)).toEqual([]);
    expect(sumsIn(0b1)).toEqual([updateSum]);
    expect(sumsIn(0b1_0110)).toEqual([1, 2, 4]);
    for (let mask = 0; mask < 256; mask++)
      expect(sumsIn(mask).reduce((sum, each) => sum + 2 ** each, 0)).toBe(mask);
  });
  test('a group and the sum of its probes name each other; the sum of the updates has no group', () => {
    for (const group of [0, 1, 7]) {
      const sum = probeSum(group);
      expect(groupOf(sum)).toBe(group);
      expect(subjectOf(sum)).toBe('probe');
      expect(sumName(sum)).toBe(`the probes of group ${group}`);
    }
    expect(probeSum(0)).toBe(1);
    expect(subjectOf(updateSum)).toBe('update');
    expect(sumName(updateSum)).toBe('the updates');
    expect(() => groupOf(updateSum)).toThrow(RangeError);
  });
});
