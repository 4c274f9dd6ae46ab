// A model at work on rows: how good it is on those with a label, and what it says of others.
import { NodeError } from '../../errors.ts';
import {
  type CsvSpec,
  checkExamined,
  classNames,
  type Evaluation,
  encodeExamined,
  evaluatePredictions,
  examine,
  loadTable,
  normalName,
  type Reading,
  type Table,
  type TableSource,
  type TaskDescription,
} from '../../learn/index.ts';
import type { DataChoice } from '../command/rules.ts';
import { readRows } from '../files/read.ts';
import { openData } from '../open/data.ts';
import type { ProgramPlace } from '../open/host.ts';
import { chancesOf, type ReadModel } from './compute.ts';

/** Rows, how they are read, and how a program is run. */
export interface Use<Data> {
  readonly data: Data;
  readonly reading: Reading;
  readonly program: ProgramPlace;
}

/** How good a model is. @param use with `seed`, which deals the demonstration's digits */
export async function evaluateModel(
  read: ReadModel,
  { data, reading, program, seed }: Use<DataChoice> & { readonly seed: number },
): Promise<Evaluation> {
  const { description, statistics } = read.file;
  const own = await openData(data, { description, role: 'validator', seed, reading });
  const rows = own.dataset(statistics);
  return evaluatePredictions(await chancesOf(read, rows, program), rows.labels, rows.classes);
}

/** What a model says of rows. */
export interface Predictions {
  /** Columns that are carried over. */
  readonly ids: readonly string[];
  readonly classes: readonly string[];
  readonly rows: readonly Prediction[];
}

/** One row's. */
export interface Prediction {
  /** From 1. */
  readonly row: number;
  /** Its values of the columns that are carried over. */
  readonly ids: readonly string[];
  /** The most probable class. */
  readonly best: string;
  /** One a class. */
  readonly probabilities: readonly number[];
}

/** @param ids columns that are carried over, such as the number of a patient. */
export async function predictRows(
  read: ReadModel,
  { data, reading, program, ids }: Use<TableSource> & { readonly ids: readonly string[] },
): Promise<Predictions> {
  const spec = csvOf(read.file.description);
  const classes = classNames(spec);
  const best = (of: readonly number[]) => classes[of.indexOf(Math.max(...of))]!;
  const rows = await readRows(data.file, async () => {
    const examined = examine(await loadTable(data, spec, reading), spec, { reading, labelled: false });
    checkExamined(examined, reading);
    const inputs = encodeExamined(examined, read.file.statistics);
    const found = byRow(await chancesOf(read, inputs, program), inputs.count);
    const { table, usable } = examined;
    const carried = ids.map((name) => columnOf(table, name));
    return found.map((probabilities, i) => {
      const row = usable[i]!;
      const values = carried.map((at) => table.rows[row]![at]!.trim());
      return { row: row + 1, ids: values, best: best(probabilities), probabilities };
    });
  });
  return { ids, classes, rows };
}

/** Predictions as separated values, the header first. */
export function predictionsCsv({ ids, classes, rows }: Predictions): string {
  const header = ['row', ...ids, 'class', ...classes.map((name) => `p(${name})`)].map(quote);
  const lines = rows.map(({ row, ids: values, best, probabilities }) =>
    [row, ...values.map(quote), quote(best), ...probabilities.map((p) => p.toFixed(6))].join(','),
  );
  return [header.join(','), ...lines].join('\n');
}

/** A column that is carried over. @throws NodeError `input` where the file has none of the name, or several. */
function columnOf({ header }: Table, name: string): number {
  const places = header.flatMap((found, at) => (normalName(found) === normalName(name) ? [at] : []));
  if (places.length !== 1)
    throw new NodeError('input', `--id is ${name}, but the file has ${places.length} columns of this name`, {
      mend: `It has ${header.join(', ')}.`,
    });
  return places[0]!;
}

function csvOf({ data }: TaskDescription): CsvSpec {
  if (data.kind !== 'csv') throw new NodeError('input', 'the model is of digits, its rows are no CSV');
  return data;
}

function byRow(chances: Float32Array | Float64Array, count: number): number[][] {
  const width = chances.length / count;
  return Array.from({ length: count }, (_, row) => [...chances.subarray(row * width, (row + 1) * width)]);
}

/**
 * A field of separated values. A spreadsheet would compute what begins like a formula, so it begins with an apostrophe;
 * numbers may have their sign.
 */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
