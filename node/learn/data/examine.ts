// Reads a table by the task's schema, each cell once: what it holds, what is missing, clipped, constant, or cannot be
// used, column by column. Nothing is learnt from it here: statistics come from the task or from the federation.
import { NodeError } from '../../errors.ts';
import { type Counted, type Fault, FaultList, refusal } from './faults.ts';
import { valueKey } from './numbers.ts';
import { absentIn, cellNumber, comparable, looksAbsent, plainReading, type Reading } from './reading.ts';
import type { ColumnSpec, CsvSpec } from './spec.ts';
import { normalName, placeOf, type Table } from './table.ts';

export type Numeric = Extract<ColumnSpec, { type: 'numeric' }>;
export type Categorical = Extract<ColumnSpec, { type: 'categorical' }>;

/** A column of the schema as one table has it. */
export interface ExaminedColumn {
  readonly spec: ColumnSpec;
  /** By row: a number within its range, or a category's index; NaN where it is missing or cannot be used. */
  readonly cells: Float64Array;
  readonly missing: number;
  /** Cells that lay outside of the range, and are at its nearer end now. */
  readonly clipped: number;
  /** Least and largest number as the file has them; undefined without any. */
  readonly span: readonly [least: number, largest: number] | undefined;
  /** Cells of each category. */
  readonly counts: readonly number[];
  /** Whether all cells that are not missing hold one value. */
  readonly constant: boolean;
}

/** A table, read. */
export interface Examined {
  readonly spec: CsvSpec;
  readonly table: Table;
  /** Rows of the source, also those that are in no list. */
  readonly rows: number;
  readonly columns: readonly ExaminedColumn[];
  /** By row: the class; all 0 where no labels are read. */
  readonly labels: Uint16Array;
  /** Rows that can be used, in the order of the table. */
  readonly usable: readonly number[];
  /** Rows of each class among them. */
  readonly classes: readonly number[];
  readonly faults: readonly Fault[];
  /** What was read otherwise than it is written. */
  readonly notes: readonly string[];
}

export interface ExamineOptions {
  readonly reading?: Reading;
  /** Whether the target is read; a prediction has none. */
  readonly labelled: boolean;
}

/**
 * Reads a table. Faults are collected, not thrown: see {@link checkExamined}.
 * @throws NodeError `learning` where a column is not there, or twice, or there is no row.
 */
export function examine(
  table: Table,
  spec: CsvSpec,
  { reading = plainReading, labelled }: ExamineOptions,
): Examined {
  const wanted = [...spec.columns.map(({ name }) => name), ...(labelled ? [spec.target.name] : [])];
  const { positions, notes, lacking } = findColumns(table, wanted);
  if (lacking.length > 0) throw lacks(table, lacking, wanted);
  if (table.rows.length === 0) throw noRows(table);
  const faults = new FaultList();
  for (const { line, fields } of table.ragged ?? [])
    faults.add(
      {
        words: [
          `row has another number of fields than the header has columns (${table.header.length})`,
          `rows have another number of fields than the header has columns (${table.header.length})`,
        ],
      },
      { place: `line ${line}`, text: `${fields} fields` },
    );
  const context = { table, reading, faults };
  const columns = spec.columns.map((column) => {
    const at = positions.get(column.name)!;
    return column.type === 'numeric'
      ? numericColumn(context, column, at, spec)
      : categoricalColumn(context, column, at);
  });
  const labels = new Uint16Array(table.rows.length);
  if (labelled) readLabels(context, spec, positions.get(spec.target.name)!, labels);
  const classes = new Array<number>(spec.target.classes?.length ?? 2).fill(0);
  const usable: number[] = [];
  for (let row = 0; row < table.rows.length; row++) {
    if (faults.rows.has(row)) continue;
    usable.push(row);
    classes[labels[row]!]!++;
  }
  const rows = table.rows.length + (table.ragged?.length ?? 0);
  return { spec, table, rows, columns, labels, usable, classes, faults: faults.faults, notes };
}

/** Why there is nothing to read: the file ends behind its header, or no row has a field a column. */
function noRows({ header, ragged = [] }: Table): NodeError {
  const [first] = ragged;
  if (!first) return new NodeError('learning', 'data: the file has a header and no rows');
  return new NodeError(
    'learning',
    `data: none of the ${ragged.length} rows has as many fields as the header has columns (${header.length}); ` +
      `line ${first.line} has ${first.fields}`,
    { mend: 'Look at the separators, and whether the first line is the header.' },
  );
}

/** Columns of the schema, the target among them, that a table does not have. @throws NodeError `learning` for one that it has twice. */
export function lackingColumns(table: Table, { columns, target }: CsvSpec): string[] {
  return findColumns(table, [...columns.map(({ name }) => name), target.name]).lacking;
}

/** Why a table cannot be used; undefined where it can, or rows with faults are to be left out and the rest can. */
export function refusalOf(
  { faults, rows, usable }: Examined,
  { dropFaulty }: Pick<Reading, 'dropFaulty'>,
): NodeError | undefined {
  const hopeless = faults.filter(({ count }) => count === undefined);
  if (faults.length === 0 || (dropFaulty && hopeless.length === 0 && usable.length > 0)) return undefined;
  return refusal(dropFaulty && hopeless.length > 0 ? hopeless : faults, rows, rows - usable.length);
}

/** @throws NodeError `learning` where {@link refusalOf} has one. */
export function checkExamined(examined: Examined, reading: Pick<Reading, 'dropFaulty'>): void {
  const refused = refusalOf(examined, reading);
  if (refused) throw refused;
}

/** Where the schema's columns stand in a header. */
function findColumns({ header }: Table, names: readonly string[]) {
  const exact = header.map(normalName);
  const folded = exact.map((name) => name.toLowerCase());
  const positions = new Map<string, number>();
  const notes: string[] = [];
  const lacking: string[] = [];
  for (const name of names) {
    const wanted = normalName(name);
    const places = (list: readonly string[], one: string) =>
      list.flatMap((found, i) => (found === one ? [i] : []));
    let found = places(exact, wanted);
    if (found.length === 0) {
      found = places(folded, wanted.toLowerCase());
      if (found.length === 1) notes.push(`column ${name} is written ${header[found[0]!]!.trim()}`);
    }
    if (found.length > 1)
      throw new NodeError(
        'learning',
        `data: the header names column ${JSON.stringify(name)} ${found.length} times`,
        {
          mend: 'Leave one of them, or rename the others.',
        },
      );
    if (found.length === 0) lacking.push(name);
    else positions.set(name, found[0]!);
  }
  return { positions, notes, lacking };
}

const lacks = ({ header }: Table, lacking: readonly string[], names: readonly string[]): NodeError =>
  new NodeError('learning', `data: the file lacks ${listOf('column', lacking)}; it has ${shown(header)}`, {
    mend: `Rename its columns as the task does: ${names.join(', ')}.`,
  });

/** Columns of a file that a message lists, and characters of a name: both may be as many as the file has. */
const mostColumns = 100;
const mostName = 80;

function shown(header: readonly string[]): string {
  const names = header.slice(0, mostColumns).map((name) => name.slice(0, mostName));
  const more = header.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`.slice(0, 2000);
}

const listOf = (what: string, names: readonly string[]): string =>
  `${what}${names.length > 1 ? 's' : ''} ${names.join(', ')}`;

interface Context {
  readonly table: Table;
  readonly reading: Reading;
  readonly faults: FaultList;
}

/** Every cell of a column in turn: `found` gets what is not missing. Returns how many are. */
function eachCell(
  { table, reading, faults }: Context,
  column: ColumnSpec,
  at: number,
  found: (text: string, row: number) => void,
): number {
  let missing = 0;
  const isAbsent = absentIn(column.absent, reading);
  for (const [row, fields] of table.rows.entries()) {
    const text = fields[at]!.trim();
    if (!isAbsent(text)) {
      found(text, row);
      continue;
    }
    missing++;
    if (column.missing === 'reject')
      faults.add(
        {
          column: column.name,
          words: [
            'value is missing, for which the task has no rule',
            'values are missing, for which the task has no rule',
          ],
          mend: 'Leave these rows out (--drop-faulty).',
        },
        { row, place: placeOf(table, row), text },
      );
  }
  return missing;
}

function numericColumn(
  context: Context,
  column: Numeric,
  at: number,
  { maxClipped }: CsvSpec,
): ExaminedColumn {
  const { table, reading, faults } = context;
  const cells = new Float64Array(table.rows.length).fill(Number.NaN);
  const { range } = column;
  let [least, largest, count, below, above] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  const outside = new Map<number, number>();
  const missing = eachCell(context, column, at, (text, row) => {
    const value = cellNumber(text, reading);
    if (value === undefined)
      return faults.add(
        { column: column.name, ...noNumber(text, reading) },
        { row, place: placeOf(table, row), text },
      );
    count++;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    if (range && value < range[0]) below++;
    if (range && value > range[1]) above++;
    if (range && (value < range[0] || value > range[1]) && outside.size < 100)
      outside.set(value, (outside.get(value) ?? 0) + 1);
    cells[row] = range ? Math.max(range[0], Math.min(range[1], value)) : value;
  });
  const clipped = below + above;
  // A few values, or all of a few rows, are slips.
  if (range && clipped > Math.max(2, maxClipped * count))
    faults.addColumn(
      column.name,
      `${clipped} of ${count} values lie outside of its range [${range.join(', ')}], more than the ${percent(maxClipped)} that the task allows`,
      likelyCause({ count, clipped, below, above, outside }),
    );
  return {
    spec: column,
    cells,
    missing,
    clipped,
    span: count > 0 ? [least, largest] : undefined,
    counts: [],
    constant: count > 0 && least === largest,
  };
}

/** Why so many values lie outside of the range, most likely. */
function likelyCause({ count, clipped, below, above, outside }: Clipping): string {
  const [code] = [...outside].sort((a, b) => b[1] - a[1]);
  // Others are inside: it is no matter of units.
  if (code && code[1] >= 0.9 * clipped && clipped < count)
    return `${code[0]} stands in ${code[1]} cells: if it marks a missing value, say --absent=${code[0]}.`;
  if (below === clipped)
    return 'All of them are too small: most likely the file has other units than the task.';
  if (above === clipped)
    return 'All of them are too large: most likely the file has other units than the task.';
  return 'Most likely it is another column, or in other units, than the task means.';
}

/** Values of a column outside of its range. */
interface Clipping {
  readonly count: number;
  readonly clipped: number;
  readonly below: number;
  readonly above: number;
  /** How often each of the first hundred stands there. */
  readonly outside: ReadonlyMap<number, number>;
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** What is wrong with a cell that is no number. */
function noNumber(text: string, { decimal, thousands }: Reading): { words: Counted; mend?: string } {
  const words = ['cell is no number', 'cells are no number'] as const;
  if (looksAbsent(text)) return { words, mend: `If ${text} marks a missing value, say --absent=${text}.` };
  if (decimal === '.' && /^[+-]?\d+,\d+$/.test(text))
    return {
      words,
      mend: 'If the comma is the decimal mark, say --decimal=comma; if it groups digits, --thousands=comma.',
    };
  if (thousands === undefined && /^[+-]?\d{1,3}([ '.]\d{3})+([.,]\d+)?$/.test(text))
    return { words, mend: 'If digits are grouped by thousands, say --thousands=space, apostrophe or point.' };
  return { words };
}

function categoricalColumn(context: Context, column: Categorical, at: number): ExaminedColumn {
  const { table, reading, faults } = context;
  const cells = new Float64Array(table.rows.length).fill(Number.NaN);
  const counts = new Array<number>(column.values.length).fill(0);
  const place = finder(column.values.map((value) => [value]));
  const known = column.values.join(', ');
  const missing = eachCell(context, column, at, (text, row) => {
    const found = place(comparable(text, reading));
    if (found === undefined)
      return faults.add(
        {
          column: column.name,
          words: [`cell is no known category (${known})`, `cells are no known category (${known})`],
          ...(looksAbsent(text) && { mend: `If ${text} marks a missing value, say --absent=${text}.` }),
        },
        { row, place: placeOf(table, row), text },
      );
    cells[row] = found;
    counts[found]!++;
  });
  const constant = counts.filter((n) => n > 0).length === 1;
  return { spec: column, cells, missing, clipped: 0, span: undefined, counts, constant };
}

/** Which of several lists of values holds a text. */
function finder(lists: readonly (readonly string[])[]): (text: string) => number | undefined {
  const places = new Map(lists.flatMap((values, i) => values.map((value) => [valueKey(value), i] as const)));
  return (text) => places.get(valueKey(text));
}

function readLabels(
  { table, reading, faults }: Context,
  { target }: CsvSpec,
  at: number,
  labels: Uint16Array,
): void {
  const { name, classes, threshold } = target;
  const place = finder(classes ?? []);
  const named = classes?.map((values) => values.join(' or ')).join(', ');
  for (const [row, fields] of table.rows.entries()) {
    const text = fields[at]!.trim();
    const where = { row, place: placeOf(table, row), text };
    if (text === '') {
      faults.add(
        {
          column: name,
          words: ['row has no label', 'rows have no label'],
          mend: 'Leave these rows out (--drop-faulty).',
        },
        where,
      );
      continue;
    }
    const found = classes ? place(comparable(text, reading)) : cellNumber(text, reading);
    if (found === undefined)
      faults.add(
        {
          column: name,
          words: classes
            ? [`label belongs to no class (${named})`, `labels belong to no class (${named})`]
            : ['label is no number', 'labels are no number'],
        },
        where,
      );
    else labels[row] = classes ? found : found > threshold! ? 1 : 0;
  }
}
