// From a table of text to a model's input, by the task's schema: numbers scaled, categories one-hot, missing
// values by rule. Nothing is learnt from the table here: statistics come from the task or from the
// federation.
import { NodeError } from '../../errors.ts';
import type { CsvTable } from './csv.ts';
import { checkDataset, type Dataset } from './dataset.ts';
import type { ColumnSpec, CsvSpec } from './spec.ts';

/** Mean and standard deviation of each numeric column, by name. */
export type Statistics = Record<string, { mean: number; deviation: number }>;

type Numeric = Extract<ColumnSpec, { type: 'numeric' }>;
type Categorical = Extract<ColumnSpec, { type: 'categorical' }>;

/** Floats that one row of this schema becomes: the first layer's input. */
export function inputWidth(spec: CsvSpec): number {
  return spec.columns.reduce((n, column) => n + columnWidth(column), 0);
}

/**
 * Encodes every row.
 * @throws NodeError `learning`, naming row and column of a value that is missing, unknown or not a number.
 */
export function encodeTable(table: CsvTable, spec: CsvSpec, statistics: Statistics = {}): Dataset {
  const at = columnPositions(table, spec);
  const unlabelled = encodeInputs(table, spec, statistics);
  const labels = Uint16Array.from(table.rows, (row, r) =>
    label(row[at.get(spec.target.name)!]!.trim(), spec, r),
  );
  return checkDataset({ ...unlabelled, labels });
}

/**
 * Encodes rows without their labels, for a prediction: the target need not be among the columns; all labels
 * are 0.
 */
export function encodeInputs(table: CsvTable, spec: CsvSpec, statistics: Statistics = {}): Dataset {
  const at = columnPositions(
    table,
    spec,
    spec.columns.map(({ name }) => name),
  );
  const width = inputWidth(spec);
  const count = table.rows.length;
  if (count === 0) throw new NodeError('learning', 'data: the file has a header and no rows');
  const inputs = new Float32Array(count * width);
  for (const [r, row] of table.rows.entries()) {
    let offset = r * width;
    for (const column of spec.columns) {
      const text = row[at.get(column.name)!]!.trim();
      if (column.type === 'numeric') inputs[offset] = scaled(text, column, statistics, r);
      else oneHot(text, column, inputs, offset, r);
      offset += columnWidth(column);
    }
  }
  const classes = spec.target.classes?.length ?? 2;
  return checkDataset({ count, shape: [width], inputs, labels: new Uint16Array(count), classes });
}

/** The classes' names: each one's first value, or its side of the threshold. */
export const classNames = ({ target }: CsvSpec): string[] =>
  target.classes?.map(([first]) => first!) ?? [`<=${target.threshold}`, `>${target.threshold}`];

/** A numeric cell, `undefined` where it is missing; clipped to the column's range. */
export function readNumber(text: string, column: Numeric, row: number): number | undefined {
  if (absent(text, column)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value))
    throw new NodeError(
      'learning',
      `data: row ${row + 1}, column ${column.name}: ${JSON.stringify(text)} is not a number`,
    );
  return column.range ? Math.max(column.range[0], Math.min(column.range[1], value)) : value;
}

/** The positions of the schema's columns in the file. @throws NodeError `learning` where one is not there. */
export function columnPositions(
  table: CsvTable,
  spec: CsvSpec,
  names = [...spec.columns.map(({ name }) => name), spec.target.name],
): Map<string, number> {
  const header = table.header.map((name) => name.trim());
  const missing = names.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const separated = header.length === 1 && /[;\t]/.test(header[0]!);
    throw new NodeError(
      'learning',
      `data: the file lacks column ${missing.join(', ')}; it has ${header.join(', ')}`,
      separated ? { mend: 'Separate its columns by commas.' } : {},
    );
  }
  return new Map(names.map((name) => [name, header.indexOf(name)]));
}

const columnWidth = (column: ColumnSpec): number =>
  column.type === 'numeric' ? 1 : column.values.length + (column.missing === 'category' ? 1 : 0);

/** Numbers compare by value, so that `3` and `3.0` are one; other text as it is. */
const same = (a: string, b: string): boolean => a === b || (a !== '' && b !== '' && Number(a) === Number(b));

const absent = (text: string, column: ColumnSpec): boolean =>
  text === '' || column.absent.some((mark) => same(mark, text));

function refuseMissing(column: ColumnSpec, row: number): never {
  throw new NodeError('learning', `data: row ${row + 1}, column ${column.name}: the value is missing`, {
    mend: 'Give the column a rule for missing values.',
  });
}

function scaled(text: string, column: Numeric, statistics: Statistics, row: number): number {
  const { mean, deviation } = scaleOf(column, statistics);
  const value = readNumber(text, column, row);
  if (value !== undefined) return (value - mean) / deviation;
  if (column.missing === 'reject') refuseMissing(column, row);
  return column.missing === 'mean' ? 0 : -mean / deviation;
}

/** The task's statistics of a column, or the federation's. @throws where neither has them. */
function scaleOf(column: Numeric, statistics: Statistics): { mean: number; deviation: number } {
  const { mean, deviation } = column;
  if (mean !== undefined && deviation !== undefined) return { mean, deviation };
  const found = statistics[column.name];
  if (found) return found;
  throw new NodeError('learning', `data: column ${column.name} has no mean and deviation`, {
    mend: 'Give them in the schema, or compute them federatedly.',
  });
}

function oneHot(text: string, column: Categorical, inputs: Float32Array, offset: number, row: number): void {
  if (absent(text, column)) {
    if (column.missing === 'reject') refuseMissing(column, row);
    if (column.missing === 'category') inputs[offset + column.values.length] = 1;
    return;
  }
  const place = column.values.findIndex((value) => same(value, text));
  if (place < 0)
    throw new NodeError(
      'learning',
      `data: row ${row + 1}, column ${column.name}: ${JSON.stringify(text)} is no known category ` +
        `(${column.values.join(', ')})`,
    );
  inputs[offset + place] = 1;
}

function label(text: string, { target }: CsvSpec, row: number): number {
  if (target.classes) {
    const place = target.classes.findIndex((values) => values.some((value) => same(value, text)));
    if (place >= 0) return place;
    throw new NodeError(
      'learning',
      `data: row ${row + 1}, target ${target.name}: ${JSON.stringify(text)} belongs to no class`,
    );
  }
  const value = Number(text);
  if (text === '' || !Number.isFinite(value))
    throw new NodeError(
      'learning',
      `data: row ${row + 1}, target ${target.name}: ${JSON.stringify(text)} is not a number`,
    );
  return value > target.threshold! ? 1 : 0;
}
