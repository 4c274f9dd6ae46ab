// A party's own rows before the federation has agreed on their scale: its part of the federated statistics,
// and the dataset that the rows become once those are open. Rows are checked when they are read: a row that
// cannot be used is refused before the first round.
import type { CsvTable } from './csv.ts';
import type { Dataset } from './dataset.ts';
import type { CsvSpec } from './spec.ts';
import { localStatistics } from './statistics.ts';
import { encodeTable, type Statistics } from './tabular.ts';

/** Rows of one party. */
export interface OwnData {
  /**
   * The party's part of the federated statistics: coordinates in [-32, 32]; empty where the task leaves none
   * open.
   */
  readonly statistics: Int8Array;
  readonly rows: number;
  /** Rows of each class. */
  readonly classes: readonly number[];
  /** The rows, scaled by the task's statistics and, where the task leaves them open, by the federation's. */
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

/**
 * Rows of a table.
 * @throws NodeError `learning`, naming row and column of a value that the schema refuses.
 */
export function tableData(table: CsvTable, spec: CsvSpec): OwnData {
  // At any scale a wrong row shows; so the rows are encoded once here, before the true scale is known.
  const counts = countsOf(encodeTable(table, spec, anyScale(spec)));
  return {
    ...counts,
    statistics: localStatistics(table, spec),
    dataset: (statistics) => encodeTable(table, spec, statistics),
  };
}

const anyScale = (spec: CsvSpec): Statistics =>
  Object.fromEntries(spec.columns.map(({ name }) => [name, { mean: 0, deviation: 1 }]));
