// Who is asked to decrypt first, and in groups too large for joint shares, window after window.
import { maxSets } from '@murmuration/he';
import { describe, expect, it } from 'vitest';
import { decryptionSet } from '../../../../node/roles/round/decryption_set.ts';

const everyone = (n: number) => Array.from({ length: n }, (_, index) => index);

describe('the set that decrypts', () => {
  it.each([
    ['the first t', [0, 1, 2, 3], 2, [], 0, [0, 1]],
    ['the next t in turn', [0, 1, 2, 3], 2, [], 3, [0, 3]],
    ['not whoever kept silent', [0, 1, 2, 3], 2, [0], 0, [1, 2]],
    ['not those who are not in good standing', [1, 3], 2, [], 0, [1, 3]],
    ['members of a set that failed last, and in order', [0, 1, 2, 3], 2, [0, 1], 0, [2, 3]],
    ['with too few left, whoever has the fewest faults', [0, 1, 2], 2, [0, 1, 0], 0, [1, 2]],
  ])('is %s', (_, candidates, threshold, faulty, turn, set) => {
    const faults = new Map<number, number>();
    for (const index of faulty) faults.set(index, (faults.get(index) ?? 0) + 1);
    expect(decryptionSet({ candidates, threshold, faults, turn })).toEqual(set);
  });

  it('is none with fewer than t candidates', () => {
    expect(decryptionSet({ candidates: [0], threshold: 2, faults: new Map(), turn: 0 })).toBeUndefined();
  });

  /** How many sets are asked until one is without the bad members, faults being kept over rounds. */
  function setsUntilGood(n: number, threshold: number, isBad: (index: number) => boolean): number {
    const faults = new Map<number, number>();
    for (let asked = 1; ; asked++) {
      const turn = Math.floor((asked - 1) / maxSets) + ((asked - 1) % maxSets);
      const set = decryptionSet({ candidates: everyone(n), threshold, faults, turn })!;
      if (!set.some(isBad)) return asked;
      for (const index of set) faults.set(index, (faults.get(index) ?? 0) + 1);
    }
  }

  it('is without a bad member after n / (n - t) failures at most, whichever of up to 64 it is', () => {
    for (let n = 17; n <= 64; n++)
      for (const threshold of new Set([Math.floor(n / 2) + 1, Math.floor((2 * n) / 3), n - 3]))
        for (let bad = 0; bad < n; bad++)
          expect(setsUntilGood(n, threshold, (index) => index === bad)).toBeLessThanOrEqual(
            Math.ceil(n / (n - threshold)),
          );
  });
});
