// Scenarios of sites: no row leaves its site, no row is used twice, and what is compared is what it says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelLayout, type OwnData } from '../../../node/learn/index.ts';
import { chunkShapes } from '../../../node/protocol/index.ts';
import {
  type DealtScenario,
  hospitals,
  lenders,
  type ScenarioChoice,
  scenarioOf,
  siteTask,
  statisticsOf,
} from '../../../node/scenarios/index.ts';
import { root } from '../../suites/suite.ts';

const choiceOf = (name: 'clinics' | 'credit', change: Partial<ScenarioChoice> = {}): ScenarioChoice => ({
  ...scenarioOf(name).defaults,
  selector: 'probe',
  ...change,
});
const rowsOf = ({ examined }: OwnData): string[] => examined!.table.rows.map((row) => row.join());
const sorted = (rows: readonly string[]) => rows.toSorted();

describe.each([
  ['clinics', hospitals],
  ['credit', lenders],
] as const)('the scenario %s', (name, federation) => {
  const { folder, sites } = federation;
  const filed = sites.map(({ file }) =>
    readFileSync(join(root, 'examples', folder, 'data', `${file}.csv`), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1),
  );
  let dealt: DealtScenario;
  beforeAll(async () => {
    dealt = await scenarioOf(name).deal(choiceOf(name));
  });
  /** The rows of a site's validators. */
  const heldAt = ({ validators }: DealtScenario, site: string) =>
    validators
      .filter(({ name: validator }) => validator.startsWith(`${site},`))
      .flatMap(({ data }) => rowsOf(data));

  it('uses each row of each site once, and none of them anywhere else', () => {
    const tested = rowsOf(dealt.tests[0]!.rows);
    let at = 0;
    for (const [k, { name: site }] of sites.entries()) {
      const rows = [...rowsOf(dealt.trainers[k]!.data), ...heldAt(dealt, site)];
      const test = tested.slice(at, at + filed[k]!.length - rows.length);
      at += test.length;
      expect(sorted([...rows, ...test]), site).toEqual(sorted(filed[k]!));
      expect(test.length / filed[k]!.length).toBeCloseTo(0.25, 1);
    }
    expect(at).toBe(tested.length);
  });

  it('gives every validator rows, also where some sites have more seats than others', async () => {
    for (const validators of [2, 3, 7, 14]) {
      const { validators: seated } = await scenarioOf(name).deal(choiceOf(name, { validators }));
      expect(seated).toHaveLength(validators);
      for (const { data } of seated) expect(data.rows).toBeGreaterThan(2);
      expect(new Set(seated.map((party) => party.name)).size).toBe(validators);
    }
  });

  it('weighs by rows, and takes no stake for a direction', () => {
    const trained = dealt.trainers.map(({ data }) => data.rows);
    const [most, least] = [Math.max(...trained), Math.min(...trained)];
    expect(dealt.weights![trained.indexOf(most)]).toBe(4);
    expect(dealt.weights![trained.indexOf(least)]).toBeLessThan(4);
    expect(dealt.terms).toMatchObject({ economics: { strike: 0n }, rules: { ejectAt: 255 } });
  });

  it('deals the same for a seed, and otherwise for another', async () => {
    const again = await scenarioOf(name).deal(choiceOf(name));
    const other = await scenarioOf(name).deal(choiceOf(name, { seed: 77 }));
    const trained = ({ trainers }: DealtScenario) => trainers.map(({ data }) => rowsOf(data));
    expect(trained(again)).toEqual(trained(dealt));
    expect(again.validators.map(({ data }) => rowsOf(data))).toEqual(
      dealt.validators.map(({ data }) => rowsOf(data)),
    );
    expect(trained(other)).not.toEqual(trained(dealt));
  });

  it.each(['tiny', 'quick', 'base'] as const)('with %s carries its whole model', async (preset) => {
    const { description } = await scenarioOf(name).deal(choiceOf(name, { preset, rounds: 3 }));
    const { coordinatesPerChunk } = chunkShapes[preset];
    expect(description).toMatchObject({ preset, rounds: 3, compression: { chunks: 1, density: 1 } });
    expect(description.compression.normBound).toBe(coordinatesPerChunk * 60 ** 2);
    expect(modelLayout(description.model).size).toBeLessThanOrEqual(coordinatesPerChunk);
  });

  it('compares a model with what each site has without it', async () => {
    const { data: spec } = siteTask(federation);
    const statistics = statisticsOf(
      dealt.trainers.map(({ data }) => data),
      spec,
    );
    const nothing = new Float32Array(modelLayout(dealt.description.model).size);
    const { sites: compared, all } = await dealt.compare!(nothing, statistics);
    expect(compared.map((site) => site.name)).toEqual(sites.map((site) => site.name));
    expect(compared.map(({ rows }) => rows.train)).toEqual(dealt.trainers.map(({ data }) => data.rows));
    expect(compared.map(({ weight }) => weight)).toEqual(dealt.weights);
    for (const { name: site, scores, bias, rows } of compared) {
      expect(rows.holdout, site).toBe(heldAt(dealt, site).length);
      // A model of zeros says one half of everybody; with a bias it says the share of the class.
      expect(scores.federated.logLoss).toBeCloseTo(Math.LN2, 6);
      expect(scores.bias.logLoss, site).toBeLessThan(Math.LN2);
      expect(Math.abs(bias)).toBeGreaterThan(0.05);
    }
    expect(all.federated.auc).toBe(0.5);
    // It takes everybody for the first class: of the test rows, and of no others, just as many are.
    const tested = dealt.tests[0]!.rows;
    expect(all.federated.accuracy).toBe(tested.classes[0]! / tested.rows);
    // What the sites' own models know, and what all rows together teach, it knows nothing of.
    expect(all.half.logLoss).toBeLessThan(all.bias.logLoss - 0.05);
    expect(all.own.logLoss).toBeLessThan(all.half.logLoss);
    expect(all.pooled.auc).toBeGreaterThan(0.74);
    for (const { everywhere } of compared) expect(everywhere.auc).toBeGreaterThan(0.55);
  });
});
