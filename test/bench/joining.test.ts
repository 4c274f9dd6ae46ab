// The runs of docs/joining.md: splits that share no row, intervals that are wide enough, and a small run end to end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { correctedInterval, studentQuantile } from '../../bench/joining/interval.ts';
import { nameOf, partNames, runsOf, seeds, simulated } from '../../bench/joining/plan.ts';
import { play } from '../../bench/joining/play.ts';
import { simulateTrial } from '../../bench/joining/trial.ts';
import { VariateNetwork } from '../../bench/joining/variates.ts';
import { federations, splitOf } from '../../bench/joining/world.ts';
import { checkWeights } from '../../node/protocol/index.ts';
import { modelNames } from '../../node/report/index.ts';
import { type SimulatedRound, simulate } from '../../node/simulate/index.ts';
import { root } from '../suites/suite.ts';

describe('the intervals of splits', () => {
  it('are by the quantiles of tables', () => {
    expect(studentQuantile(9)).toBeCloseTo(2.262, 3);
    expect(studentQuantile(19)).toBeCloseTo(2.093, 3);
    expect(studentQuantile(39)).toBeCloseTo(2.023, 3);
  });
  it('do not shrink to nothing with ever more splits of the same rows', () => {
    const reach = (splits: number) => {
      const { low, high } = correctedInterval(Array.from({ length: splits }, (_, i) => (i % 2 ? 1 : -1)));
      return high - low;
    };
    // The plain interval of 4,000 splits would be 0.06 wide.
    expect(reach(4000)).toBeGreaterThan(2.4);
    expect(reach(20)).toBeGreaterThan(reach(4000));
    expect(correctedInterval([1, 2, 3]).mean).toBe(2);
  });
});

describe.each(federations)('a split of %s', (federation) => {
  const rowsOf = (seed: number) =>
    splitOf(federation, { seed, validators: 6, equal: false }).sites.map(({ train, holdout, test }) =>
      [train, holdout, test].map(({ examined }) => examined!.table.rows.map((row) => row.join())),
    );
  it('deals all rows of a site to one part each, with both classes in every part', () => {
    const { sites, world } = splitOf(federation, { seed: 1, validators: 6, equal: false });
    for (const { train, holdout, test } of sites) {
      for (const part of [train, holdout, test]) expect(Math.min(...part.classes)).toBeGreaterThan(0);
      const rows = train.rows + holdout.rows + test.rows;
      expect(test.rows / rows).toBeCloseTo(0.25, 1);
      expect(train.rows / rows).toBeCloseTo(0.6, 1);
    }
    expect(world.validators.reduce((sum, { count }) => sum + count, 0)).toBe(
      sites.reduce((sum, { holdout }) => sum + holdout.rows, 0),
    );
    expect(() => checkWeights('the sum', world.weights!)).not.toThrow();
    expect(new Set(world.weights!).size).toBeGreaterThan(1);
  });
  it('is the same for a seed, and another for another', () => {
    expect(rowsOf(1)).toEqual(rowsOf(1));
    expect(rowsOf(1)).not.toEqual(rowsOf(2));
    // Files may hold a row twice, but no part holds what another part holds beyond that.
    for (const [train, , test] of rowsOf(1)) {
      const shared = test!.filter((row) => train!.includes(row));
      expect(shared.length).toBeLessThan(test!.length / 10);
    }
  });
});

describe('the bars', () => {
  const text = (file: string) => readFileSync(join(root, file), 'utf8');
  const bars = text('docs/joining.md').split('## The bars')[1]!.split('\n\n')[2]!;
  it('stand in the README as on the page, below their command', () => {
    expect(bars.split('\n')).toHaveLength(2 + 8);
    expect(text('README.md')).toContain(`<!-- npm run joining -->\n\n${bars}\n\n<!-- its end -->`);
  });
});

describe('control variates', () => {
  const seed = 1;
  const { world } = splitOf('hearts', { seed, validators: 6, equal: false });
  const options = { seed, validators: 6, rounds: 6, selector: 'probe' } as const;
  it('change nothing where they are only watched', async () => {
    const { digest } = await simulate(options, { worldOf: () => world });
    const watched = await simulateTrial(options, world, { users: 'nobody', cast: 'all' });
    expect(watched.digest).toBe(digest);
  });
  it('turn the site that differs most to where the others go', async () => {
    const of = async (users: 'nobody' | 'everybody') =>
      (await simulateTrial(options, world, { users, cast: 'all' })).backwards[2]!;
    expect(await of('nobody')).toBeGreaterThan(0.7);
    expect(await of('everybody')).toBe(0);
  });
  it('shift all sites together by nothing, also where some of them were away', async () => {
    const isAway = (site: number, round: number) => round > 0 && (round + site) % 4 === 0;
    const away = { ...world, isAway };
    const network = new VariateNetwork(away, () => true);
    const parts = {
      worldOf: () => away,
      networkOf: () => network,
      onRound: (r: SimulatedRound) => network.ended(r),
    };
    const { rounds } = await simulate(options, parts);
    expect(rounds.some(({ trainers }) => trainers.some(({ present }) => !present))).toBe(true);
    const shifts = world.weights!.map((weight, site) => network.shiftOf(site).map((x) => weight * x));
    const length = (of: Float64Array) => Math.hypot(...of);
    const together = shifts.reduce((sum, shift) => sum.map((x, j) => x + shift[j]!));
    // The opened sums are rounded.
    expect(length(together)).toBeLessThan(0.05 * shifts.reduce((sum, shift) => sum + length(shift), 0));
  });
});

describe('a run', () => {
  it('has every model at every site, and the federation has learnt', async () => {
    const result = await play(simulated('credit', 'rows', 1));
    for (const model of modelNames) expect(result.scores[model]).toHaveLength(result.sites.length + 1);
    expect(result.scores.bias.at(-1)!.auc).toBeGreaterThan(0.68);
    expect(result.accepted).toBeGreaterThan(5);
    expect(result.single).toHaveLength(result.sites.length);
  });
  it('has a name of its own', () => {
    const runs = partNames.flatMap((part) => runsOf(part, seeds));
    expect(new Set(runs.map(nameOf)).size).toBe(runs.length);
  });
});
