// A federation of sites whose files lie in examples/: which columns it learns from, and how each site's rows are cut.
// The scenarios, and the simulation of docs/joining.md, have the same.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CsvSpec,
  csvSpec,
  parseCsv,
  permutation,
  seeded,
  type Table,
  type TaskDescription,
  tableData,
  taskDescription,
} from '../../learn/index.ts';
import type { SiteRows } from './compare.ts';
import { cutRows, rowsOf } from './rows.ts';

/** Where the sites' files lie: beside the packages in a checkout, and in the package that is installed. */
const examples = join(dirname(fileURLToPath(import.meta.url)), '../../../examples');

/** Of each site's rows, by class: what nobody sees until the end, what validators judge by, and what trains. */
export const parts = { test: 0.25, holdout: 0.15, train: 0.6 } as const;

/** How long sites train: a single dense layer is learnt by then. Examples are shorter. */
export const course = { rounds: 10, training: { steps: 40, batch: 32, rate: 0.1 } } as const;

/** Files of examples/ as a federation. */
export interface SiteFederation {
  /** Below examples/: `task.json` and `data/`. */
  readonly folder: string;
  /** What a site is called, in general. */
  readonly word: string;
  /** The sites in the order of their seats: their files' names without `.csv`, and what they are called. */
  readonly sites: readonly { readonly file: string; readonly name: string }[];
  /** Columns that the example's task leaves out, and how many inputs they become. */
  readonly further?: { readonly columns: readonly object[]; readonly inputs: number };
}

/** A site's rows, cut. */
export interface CutSite {
  readonly file: string;
  readonly name: string;
  readonly train: Table;
  readonly holdout: Table;
  readonly test: Table;
}

/** What the federation learns: the example's single dense layer. */
export function siteTask({ folder, further }: SiteFederation): TaskDescription & { readonly data: CsvSpec } {
  const task = JSON.parse(readFileSync(join(examples, folder, 'task.json'), 'utf8'));
  if (further) {
    task.data.columns.push(...further.columns);
    task.model.input[0] += further.inputs;
  }
  const description = taskDescription.parse({ ...task, ...course });
  return { ...description, data: csvSpec.parse(description.data) };
}

/** The rows of each site, cut by class; the seed decides which are which. */
export function cutSites({ folder, sites }: SiteFederation, spec: CsvSpec, seed: number): CutSite[] {
  return sites.map(({ file, name }) => {
    const bytes = readFileSync(join(examples, folder, 'data', `${file}.csv`));
    const table = parseCsv(bytes, { maxRows: 1e6, maxBytes: 1e9, maxColumns: 100 });
    const { labels } = tableData(table, spec).examined!;
    const order = permutation(labels.length, seeded(`${seed}/${file}`, 'rows'));
    const { train, holdout, test } = cutRows(labels, order, parts);
    return {
      file,
      name,
      train: rowsOf(table, train),
      holdout: rowsOf(table, holdout),
      test: rowsOf(table, test),
    };
  });
}

/** A site's rows as they are used. */
export function rowsOfSite({ file, name, train, holdout, test }: CutSite, spec: CsvSpec): SiteRows {
  const own = (table: Table) => tableData(table, spec);
  return { file, name, train: own(train), holdout: own(holdout), test: own(test) };
}
