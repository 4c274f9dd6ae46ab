// The worlds of docs/joining.md: four hospitals' patients and three lenders' loans, of each site's rows 60 % to train,
// 15 % for the validators and 25 % that nobody sees; a new split for each seed.
import { readFileSync } from 'node:fs';
import {
  concat,
  csvSpec,
  type OwnData,
  parseCsv,
  permutation,
  type Statistics,
  seeded,
  type Table,
  type TaskDescription,
  tableData,
  taskDescription,
} from '../../node/learn/index.ts';
import { weightsByRows } from '../../node/protocol/index.ts';
import type { World } from '../../node/simulate/index.ts';
import { cutRows, dealRows, statisticsOf } from '../sites.ts';

/** The federations. */
export const federations = ['hearts', 'credit'] as const;
/** One of {@link federations}. */
export type FederationName = (typeof federations)[number];

const examples = new URL('../../examples/', import.meta.url);
const limits = { maxRows: 1e6, maxBytes: 1e9, maxColumns: 100 };
/** Of each site's rows, by class. */
export const parts = { test: 0.25, holdout: 0.15, train: 0.6 } as const;

const sitesOf = {
  hearts: { folder: 'clinics', files: ['cleveland', 'hungarian', 'switzerland', 'va'] },
  credit: { folder: 'lenders', files: ['cars', 'goods', 'rest'] },
} as const satisfies Record<FederationName, object>;

/** Three columns of the hospitals' files that the example leaves out: most are missing outside of Cleveland. */
const furtherColumns = [
  { type: 'categorical', name: 'slope', values: ['1', '2', '3'], missing: 'category' },
  { type: 'categorical', name: 'ca', values: ['0', '1', '2', '3'], missing: 'category' },
  { type: 'categorical', name: 'thal', values: ['3', '6', '7'], missing: 'category' },
];

/** A single dense layer, ten rounds of forty steps. */
function taskOf(federation: FederationName): TaskDescription {
  const file = new URL(`${sitesOf[federation].folder}/task.json`, examples);
  const task = JSON.parse(readFileSync(file, 'utf8'));
  if (federation === 'hearts') {
    task.data.columns.push(...furtherColumns);
    task.model.input = [36];
  }
  task.rounds = 10;
  task.training = { steps: 40, batch: 32, rate: 0.1 };
  return taskDescription.parse(task);
}

/** One site's rows of one split. */
export interface Site {
  readonly name: string;
  readonly train: OwnData;
  /** What it gives the validators: rows that its trainer does not see. */
  readonly holdout: OwnData;
  readonly test: OwnData;
}

/** A split, as the simulation plays it and as baselines see it. */
export interface Split {
  readonly world: World;
  readonly sites: readonly Site[];
  /** The federation's, of the rows that train. */
  readonly statistics: Statistics;
}

/** A split of a federation. @param equal weights of 1 in place of weights by rows */
export function splitOf(
  federation: FederationName,
  {
    seed,
    validators,
    equal,
  }: { readonly seed: number; readonly validators: number; readonly equal: boolean },
): Split {
  const task = taskOf(federation);
  const spec = csvSpec.parse(task.data);
  const { folder, files } = sitesOf[federation];
  const cut = files.map((name) => {
    const table = parseCsv(readFileSync(new URL(`${folder}/data/${name}.csv`, examples)), limits);
    return { name, ...cutTable(table, tableData(table, spec), `${seed}/${name}`) };
  });
  const sites = cut.map(({ name, train, test, holdout }) => ({
    name,
    train: tableData(train, spec),
    test: tableData(test, spec),
    holdout: tableData(holdout, spec),
  }));
  const statistics = statisticsOf(
    sites.map(({ train }) => train),
    spec,
  );
  const scaled = (part: 'train' | 'test' | 'holdout') => sites.map((site) => site[part].dataset(statistics));
  const trainers = scaled('train');
  const test = concat(scaled('test'));
  return {
    sites,
    statistics,
    world: {
      task,
      kinds: [...files],
      trainers,
      weights: equal ? trainers.map(() => 1) : weightsByRows(trainers.map(({ count }) => count)),
      validators: dealRows(concat(scaled('holdout')), validators, `${seed}/all`),
      minority: undefined,
      adversarySeat: trainers.length - 1,
      test,
      testMinority: test,
    },
  };
}

function cutTable(table: Table, { examined }: OwnData, seed: string) {
  const { labels } = examined!;
  const found = cutRows(labels, permutation(labels.length, seeded(seed, 'rows')), parts);
  const of = (rows: readonly number[]): Table => ({
    header: table.header,
    rows: rows.map((row) => table.rows[row]!),
  });
  return { train: of(found.train), holdout: of(found.holdout), test: of(found.test) };
}
