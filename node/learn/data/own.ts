// A party's own rows before the federation has agreed on their scale: its part of the federated statistics,
// and the dataset that the rows become once those are open. Rows are checked when they are read: a row that
// cannot be used is refused before the first round.
import type { Dataset } from './dataset.ts';
import { checkExamined, type Examined, examine } from './examine.ts';
import { plainReading, type Reading } from './reading.ts';
import type { CsvSpec } from './spec.ts';
import { localStatistics } from './statistics.ts';
import type { Table } from './table.ts';
import { encodeExamined, type Statistics } from './tabular.ts';

/** Rows of one party. */
export interface OwnData {
  /**
   * The party's part of the federated statistics: coordinates in [-32, 32); empty where the task leaves none
   * open.
   */
  readonly statistics: Int8Array;
  readonly rows: number;
  /** Rows of each class. */
  readonly classes: readonly number[];
  /** The table that they come from, as it was read; undefined for digits. */
  readonly examined?: Examined;
  /** The rows, scaled by the task's statistics and, where the task leaves them open, by the federation's. */
  dataset(statistics: Statistics): Dataset;
}

/** Rows that need no statistics. */
export function scaledData(data: Dataset): OwnData {
  const classes = new Array<number>(data.classes).fill(0);
  for (const label of data.labels) classes[label]!++;
  return { statistics: new Int8Array(), rows: data.count, classes, dataset: () => data };
}

/**
 * Rows of a table.
 * @throws NodeError `learning` with everything that the schema refuses.
 */
export function tableData(table: Table, spec: CsvSpec, reading: Reading = plainReading): OwnData {
  const examined = examine(table, spec, { reading, labelled: true });
  checkExamined(examined, reading);
  return {
    examined,
    rows: examined.usable.length,
    classes: examined.classes,
    statistics: localStatistics(examined),
    dataset: (statistics) => encodeExamined(examined, statistics),
  };
}
