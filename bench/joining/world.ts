// The worlds of docs/joining.md: the scenarios' sites, with a new split of their rows for each seed.
import { concat, type Statistics } from '../../node/learn/index.ts';
import { weightsByRows } from '../../node/protocol/index.ts';
import {
  cutSites,
  dealRows,
  hospitals,
  lenders,
  rowsOfSite,
  type ScenarioName,
  type SiteRows,
  siteTask,
  statisticsOf,
} from '../../node/scenarios/index.ts';
import { type Simulation, simulate, type World } from '../../node/simulate/index.ts';

/** The federations. */
export const federations = ['hearts', 'credit'] as const;
/** One of {@link federations}. */
export type FederationName = (typeof federations)[number];

/** The scenarios that play them. */
export const scenarios = { hearts: 'clinics', credit: 'credit' } as const satisfies Record<
  FederationName,
  ScenarioName
>;

const sitesOf = { hearts: hospitals, credit: lenders } as const;

/** A split, as the simulation plays it and as baselines see it. */
export interface Split {
  readonly world: World;
  readonly sites: readonly SiteRows[];
  /** The federation's, of the rows that train. */
  readonly statistics: Statistics;
}

/** A split of a federation. @param equal weights of 1 in place of weights by rows */
export function splitOf(
  federation: FederationName,
  {
    seed,
    validators: judges = validators,
    equal = false,
  }: { readonly seed: number; readonly validators?: number; readonly equal?: boolean },
): Split {
  const task = siteTask(sitesOf[federation]);
  const sites = cutSites(sitesOf[federation], task.data, seed).map((site) => rowsOfSite(site, task.data));
  const statistics = statisticsOf(
    sites.map(({ train }) => train),
    task.data,
  );
  const scaled = (part: 'train' | 'test' | 'holdout') => sites.map((site) => site[part].dataset(statistics));
  const trainers = scaled('train');
  const test = concat(scaled('test'));
  return {
    sites,
    statistics,
    world: {
      task,
      kinds: sites.map(({ file }) => file),
      trainers,
      weights: equal ? trainers.map(() => 1) : weightsByRows(trainers.map(({ count }) => count)),
      validators: dealRows(concat(scaled('holdout')), judges, `${seed}/all`),
      minority: undefined,
      adversarySeat: trainers.length - 1,
      test,
      testMinority: test,
    },
  };
}

/** Validators of every split, as in the scenarios. */
export const validators = 6;

/** How the simulation plays a federation of sites. */
export const optionsOf = ({ task }: World, seed: number) => ({
  seed,
  validators,
  rounds: task.rounds,
  selector: task.compression.selector,
});

/** The federation of a split, by the product's own simulation. */
export const simulateSplit = ({ world }: Split, seed: number): Promise<Simulation> =>
  simulate(optionsOf(world, seed), { worldOf: () => world });
