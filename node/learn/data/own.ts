// A party's own rows before the federation has agreed on how to scale them: what it adds to the federated
// statistics, and the dataset that its rows become once those are open. Everything that can be refused is
// refused when it is made.
import type { CsvTable } from './csv.ts';
import type { Dataset } from './dataset.ts';
import type { CsvSpec } from './spec.ts';
import { localStatistics } from './statistics.ts';
import { encodeTable, type Statistics } from './tabular.ts';

/** Rows of one party. */
export interface OwnData {
  /** The party's part of the federated statistics: coordinates in [-32, 32]; empty where the task leaves none open. */
  readonly statistics: Int8Array;
  readonly rows: number;
  /** How many of them each class has. */
  readonly classes: readonly number[];
  /** Its rows, scaled by the task's statistics and, where those are open, by the federation's. */
  dataset(statistics: Statistics): Dataset;
}

/** Rows that need no statistics. */
export const scaledData = (data: Dataset): OwnData => ({
  statistics: new Int8Array(),
  ...countsOf(data),
  dataset: () => data,
});

function countsOf({ count, labels, classes }: Dataset): Pick<OwnData, 'rows' | 'classes'> {
  const found = new Array<number>(classes).fill(0);
  for (const label of labels) found[label]!++;
  return { rows: count, classes: found };
}

/** Rows of a table. @throws naming row and column of what the schema refuses. */
export function tableData(table: CsvTable, spec: CsvSpec): OwnData {
  // Any scale shows what is wrong with a row; this way it shows before the first round.
  const counts = countsOf(encodeTable(table, spec, anyScale(spec)));
  return {
    ...counts,
    statistics: localStatistics(table, spec),
    dataset: (statistics) => encodeTable(table, spec, statistics),
  };
}

const anyScale = (spec: CsvSpec): Statistics =>
  Object.fromEntries(spec.columns.map(({ name }) => [name, { mean: 0, deviation: 1 }]));
