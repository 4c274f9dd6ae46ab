// What a machine is worth as a prover: figures of real proofs, agents that fit, and the fee from which it pays.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breakEven, gasOfSum, measureYield, suggestAgents } from '../../../node/service/bench/index.ts';
import { root } from '../../suites/suite.ts';
import { useWorkbench } from './support.ts';

const gib = 2 ** 30;
const bench = useWorkbench();

describe('measured figures', () => {
  it.each(['update', 'aggregate', 'alignment'] as const)(
    'of %s are those of proofs that hold',
    async (circuit) => {
      const seen: number[] = [];
      const { keys, backend } = bench;
      const found = await measureYield({ keys, backend, circuit }, 2, (run) => seen.push(run));
      // The first one warms up.
      expect(seen).toEqual([0, 1, 2]);
      expect(found).toMatchObject({
        circuit,
        preset: 'tiny',
        runs: 2,
        engine: expect.stringMatching(/^wasm\//),
      });
      expect(found.anHour).toBeCloseTo(3_600_000 / found.ms, 6);
      expect(found.processors).toBeGreaterThan(0);
      expect(found.peak).toBeGreaterThan(2 ** 20);
    },
  );
});

describe('suggested agents', () => {
  const one = { processors: 2, peak: gib / 2 };

  it.each([
    ['as many as keep the processors busy', [one], { processors: 8, memory: 64 * gib }, 4],
    ['no more than memory bears, a fifth left to the system', [one], { processors: 64, memory: 2 * gib }, 3],
    ['by the dearest circuit', [one, { processors: 4, peak: gib }], { processors: 8, memory: 64 * gib }, 2],
    [
      'no more for what other programs took meanwhile',
      [{ processors: 0.3, peak: gib }],
      { processors: 2, memory: 64 * gib },
      2,
    ],
    ['one at least', [{ processors: 4, peak: 8 * gib }], { processors: 1, memory: gib }, 1],
  ] as const)('are %s', (_, yields, machine, agents) => {
    expect(suggestAgents(yields, machine)).toBe(agents);
  });
});

describe('the break-even fee', () => {
  it("is of the contract's gas as the snapshots have it", () => {
    const snapshot = JSON.parse(readFileSync(join(root, 'snapshots/Round.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(gasOfSum).toBe(BigInt(snapshot['submitAggregate: updates']!));
  });

  it('pays gas and machine to the last unit, and no less', () => {
    const prices = { gasPrice: 10n ** 9n, anHour: 36n * 10n ** 14n, ofToken: 3n * 10n ** 15n };
    const { cost, fee } = breakEven({ anHour: 1800 }, prices);
    expect(cost).toBe(gasOfSum * 10n ** 9n + 2n * 10n ** 12n);
    const worth = (tokens: bigint) => (tokens * prices.ofToken) / 10n ** 18n;
    expect(worth(fee!)).toBeGreaterThanOrEqual(cost);
    expect(worth(fee! - 1n)).toBeLessThan(cost);
  });

  it('is not told in tokens that have no price', () => {
    expect(breakEven({ anHour: 1 }, { gasPrice: 1n, anHour: 0n, ofToken: undefined }).fee).toBeUndefined();
  });
});
