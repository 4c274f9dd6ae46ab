// Decryption sets: who opens a sum together. A member named twice would open it with fewer than the threshold.
import { describe, expect, it } from 'vitest';
import { checkSet, decodeSet, encodeSet } from '../../he/wire/set.ts';

describe('a decryption set', () => {
  it('comes back from its eight bytes', () => {
    for (const set of [[], [0], [63], [0, 7, 8, 31, 32, 62, 63]]) {
      expect(encodeSet(set)).toHaveLength(8);
      expect(decodeSet(encodeSet(set))).toEqual(set);
    }
  });
  it('of just the threshold, ascending, from first to last member, is taken', () => {
    expect(checkSet([0, 2, 4], 3, 5)).toEqual([0, 2, 4]);
  });
  it.each([
    ['a member twice', [0, 2, 2]],
    ['the first member twice', [0, 0, 2]],
    ['descending', [2, 0, 4]],
    ['one too few', [0, 2]],
    ['one too many', [0, 1, 2, 3]],
    ['nobody', [0, 2, 5]],
    ['below the first member', [-1, 0, 2]],
    ['half a member', [0, 1.5, 2]],
  ])('with %s is refused', (_, set) => {
    expect(() => checkSet(set, 3, 5)).toThrow(/exactly t = 3 ascending indices below n = 5/);
  });
});
