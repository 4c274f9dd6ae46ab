// A federation of sites as a scenario: each trains on rows of its own, judges with others of its own, and sees at the end
// what joining was worth to it on rows that nobody has learnt from.
import { amongMembers, defaultEconomics, defaultRules } from '../../demo/index.ts';
import { type CsvSpec, type OwnData, tableData } from '../../learn/index.ts';
import { chunkShapes, weightsByRows } from '../../protocol/index.ts';
import type { Comparison, Lending } from '../../report/index.ts';
import type { DealtScenario, EndedFederation, Party, Scenario, ScenarioChoice } from '../scenario.ts';
import { type Compared, compareModels, type SiteRows } from './compare.ts';
import { type CutSite, course, cutSites, rowsOfSite, type SiteFederation, siteTask } from './federation.ts';
import { dealTable } from './rows.ts';

/** The root mean square that a coordinate's bound is of: a chunk of K has the norm bound K times its square. */
const coordinateBound = 60;

/** What a scenario of sites does after its training. */
export interface Afterwards {
  /** Seconds for which stake has to be held for it. */
  readonly appeal: number;
  /** Makes what it needs, before anybody joins. */
  prepare(place: Pick<EndedFederation, 'cacheFolder' | 'say'>): Promise<void>;
  play(ended: EndedFederation, sites: DealtSites): Promise<Lending>;
}

/** Sites whose rows are dealt. */
export interface DealtSites {
  readonly seed: number;
  readonly sites: readonly SiteRows[];
  /** The test rows of all sites, in the sites' order. */
  readonly tests: OwnData;
}

/** A scenario of sites. @param seed of the rows' cut, unless another is asked for */
export function siteScenario(federation: SiteFederation, seed: number, afterwards?: Afterwards): Scenario {
  const count = federation.sites.length;
  return {
    defaults: { preset: 'tiny', rounds: course.rounds, trainers: count, validators: 6, seed },
    trainers: { min: count, max: count },
    adversarySeat: () => count - 1,
    ...(afterwards && { prepare: (place) => afterwards.prepare(place) }),
    deal: async (choice) => deal(federation, choice, afterwards),
  };
}

function deal(
  federation: SiteFederation,
  choice: ScenarioChoice,
  afterwards: Afterwards | undefined,
): DealtScenario {
  const { preset, rounds, selector, validators, seed } = choice;
  const task = siteTask(federation);
  const { data: spec, compression } = task;
  const normBound = chunkShapes[preset].coordinatesPerChunk * coordinateBound ** 2;
  const description = {
    ...task,
    preset,
    rounds,
    compression: { ...compression, selector, normBound },
  };
  const cut = cutSites(federation, spec, seed);
  const sites = cut.map((site) => rowsOfSite(site, spec));
  const tests = together(cut, spec);
  const weights = weightsByRows(sites.map(({ train }) => train.rows));
  return {
    description,
    terms: {
      economics: { ...defaultEconomics, ...amongMembers.economics },
      rules: { ...defaultRules, ...amongMembers.rules },
      ...(afterwards && { appeal: afterwards.appeal }),
    },
    trainers: sites.map(({ name, train }) => ({ name, kind: 'trainer', data: train })),
    validators: validatorsOf(cut, spec, { count: validators, seed }),
    weights,
    tests: [
      {
        rows: tests,
        figures: [
          { name: 'AUC', field: 'auc', of: ({ auc }) => auc, shown: (value) => value.toFixed(3) },
          {
            name: 'accuracy',
            field: 'accuracy',
            of: ({ accuracy }) => accuracy,
            shown: (value) => `${(value * 100).toFixed(1)} %`,
          },
        ],
      },
    ],
    async compare(model, statistics) {
      const compared = await compareModels({ task: description, model, statistics, seed }, sites);
      return comparisonOf(federation, { sites, weights, compared });
    },
    ...(afterwards && {
      afterwards: (ended: EndedFederation) => afterwards.play(ended, { seed, sites, tests }),
    }),
  };
}

/** Seats go round the sites; a site's rows that it holds out are dealt to its own seats. */
function validatorsOf(
  cut: readonly CutSite[],
  spec: CsvSpec,
  { count, seed }: { readonly count: number; readonly seed: number },
): Party[] {
  const seatsOf = (site: number) => Math.ceil((count - site) / cut.length);
  const dealt = cut.map(({ name, holdout }, site) => dealTable(holdout, seatsOf(site), `${seed}/${name}`));
  return Array.from({ length: count }, (_, seat) => {
    const [site, place] = [seat % cut.length, Math.floor(seat / cut.length)];
    const { name } = cut[site]!;
    return {
      name: `${name}, validator ${place + 1}`,
      kind: 'validator',
      data: tableData(dealt[site]![place]!, spec),
    };
  });
}

/** The test rows of all sites. */
function together(cut: readonly CutSite[], spec: CsvSpec): OwnData {
  const { header } = cut[0]!.test;
  return tableData({ header, rows: cut.flatMap(({ test }) => test.rows) }, spec);
}

function comparisonOf(
  { word }: SiteFederation,
  {
    sites,
    weights,
    compared: { scores, single, shares, biases },
  }: {
    readonly sites: readonly SiteRows[];
    readonly weights: readonly number[];
    readonly compared: Compared;
  },
): Comparison {
  const at = (place: number) =>
    Object.fromEntries(Object.entries(scores).map(([model, of]) => [model, of[place]!])) as Comparison['all'];
  return {
    word,
    sites: sites.map(({ name, train, holdout, test }, i) => ({
      name,
      rows: { train: train.rows, holdout: holdout.rows, test: test.rows },
      weight: weights[i]!,
      bias: biases[i]!,
      share: shares[i]!,
      scores: at(i),
      everywhere: single[i]!,
    })),
    all: at(sites.length),
  };
}
