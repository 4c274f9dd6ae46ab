// From a table that was read to a model's input: numbers scaled, categories one-hot, missing values by rule.
import { NodeError } from '../../errors.ts';
import { checkDataset, type Dataset } from './dataset.ts';
import type { Categorical, Examined, Numeric } from './examine.ts';
import type { ColumnSpec, CsvSpec } from './spec.ts';

/** Mean and standard deviation of each numeric column, by name. */
export type Statistics = Record<string, { mean: number; deviation: number }>;

/** Floats that one row of this schema becomes: the first layer's input. */
export function inputWidth(spec: CsvSpec): number {
  return spec.columns.reduce((n, column) => n + columnWidth(column), 0);
}

/**
 * The rows that can be used, encoded.
 * @throws NodeError `learning` for a column whose scale nobody gives.
 */
export function encodeExamined(
  { spec, columns, labels, usable, classes }: Examined,
  statistics: Statistics = {},
): Dataset {
  const width = inputWidth(spec);
  const count = usable.length;
  const inputs = new Float32Array(count * width);
  let offset = 0;
  for (const { spec: column, cells } of columns) {
    if (column.type === 'numeric')
      writeScaled({ inputs, width, offset }, { column, cells, usable }, statistics);
    else writeOneHot({ inputs, width, offset }, { column, cells, usable });
    offset += columnWidth(column);
  }
  return checkDataset({
    count,
    shape: [width],
    inputs,
    labels: Uint16Array.from(usable, (row) => labels[row]!),
    classes: classes.length,
  });
}

/** The classes' names: each one's first value, or its side of the threshold. */
export const classNames = ({ target }: CsvSpec): string[] =>
  target.classes?.map(([first]) => first!) ?? [`<=${target.threshold}`, `>${target.threshold}`];

/** Floats that a column's value becomes. */
export const columnWidth = (column: ColumnSpec): number =>
  column.type === 'numeric' ? 1 : column.values.length + (column.missing === 'category' ? 1 : 0);

/** Where a column's input lies in each row. */
interface Place {
  readonly inputs: Float32Array;
  readonly width: number;
  readonly offset: number;
}

/** A column's cells, and which of them are written. */
interface Source<Column> {
  readonly column: Column;
  readonly cells: Float64Array;
  readonly usable: readonly number[];
}

function writeScaled(
  { inputs, width, offset }: Place,
  { column, cells, usable }: Source<Numeric>,
  statistics: Statistics,
): void {
  const { mean, deviation } = scaleOf(column, statistics);
  const missing = column.missing === 'zero' ? -mean / deviation : 0;
  usable.forEach((row, i) => {
    const value = cells[row]!;
    inputs[i * width + offset] = Number.isNaN(value) ? missing : (value - mean) / deviation;
  });
}

/** A missing value is a column of its own where the rule is `category`, and no column where it is `zero`. */
function writeOneHot({ inputs, width, offset }: Place, { column, cells, usable }: Source<Categorical>): void {
  usable.forEach((row, i) => {
    const value = cells[row]!;
    if (!Number.isNaN(value)) inputs[i * width + offset + value] = 1;
    else if (column.missing === 'category') inputs[i * width + offset + column.values.length] = 1;
  });
}

/**
 * The task's statistics of a column, or the federation's.
 * @throws NodeError `learning` where neither has them.
 */
export function scaleOf(column: Numeric, statistics: Statistics): { mean: number; deviation: number } {
  const { mean, deviation } = column;
  if (mean !== undefined && deviation !== undefined) return { mean, deviation };
  const found = Object.hasOwn(statistics, column.name) ? statistics[column.name] : undefined;
  if (found) return found;
  throw new NodeError('learning', `data: column ${column.name} has no mean and deviation`, {
    mend: 'Give them in the schema, or compute them federatedly.',
  });
}
