// A party's rows from where they lie: a file of separated values, a Parquet file, or a database. One interface; what
// is read is a table of text, and limits are the task's.
import { open } from 'node:fs/promises';
import { NodeError } from '../../errors.ts';
import { parseCsv } from './csv.ts';
import type { Reading } from './reading.ts';
import type { CsvSpec } from './spec.ts';
import { type Table, tooManyBytes } from './table.ts';

/** Where rows lie. */
export type TableSource =
  /** A file of separated values. */
  | { readonly kind: 'csv'; readonly file: string }
  | { readonly kind: 'parquet'; readonly file: string }
  /** A file with one query, for the PostgreSQL that `MURMURATION_DATA_URL` or the variables of libpq name. */
  | { readonly kind: 'sql'; readonly file: string };

/** Columns that a file may have; the schema names those that count. */
const maxColumns = 8192;
/** Bytes of a query's file: one statement, with lists of codes. */
const mostQueryBytes = 1_000_000;

/**
 * The rows of a source, within the task's limits.
 * @throws NodeError `learning`, without the file's name, which the caller knows.
 */
export async function loadTable(
  { kind, file }: TableSource,
  spec: CsvSpec,
  reading: Pick<Reading, 'separator' | 'encoding'>,
): Promise<Table> {
  if (kind === 'sql') {
    const { queryTable } = await import('./sql.ts');
    const query = await readWhole(file, mostQueryBytes, tooLongQuery);
    return queryTable(Buffer.from(query).toString('utf8'), limitsOf(spec));
  }
  return parseTable({ kind, bytes: await readWhole(file, spec.maxBytes, tooManyBytes) }, spec, reading);
}

/** A file that is in memory. */
export interface TableBytes {
  readonly kind: 'csv' | 'parquet';
  readonly bytes: Uint8Array;
}

/** The rows of a file's bytes, likewise. @throws NodeError `learning` */
export async function parseTable(
  { kind, bytes }: TableBytes,
  spec: CsvSpec,
  reading: Pick<Reading, 'separator' | 'encoding'>,
): Promise<Table> {
  const limits = limitsOf(spec);
  if (bytes.length > limits.maxBytes) throw tooManyBytes(bytes.length, limits.maxBytes);
  const names = [...spec.columns.map(({ name }) => name), spec.target.name];
  if (kind === 'parquet') {
    const { parseParquet } = await import('./parquet.ts');
    return parseParquet(bytes, limits);
  }
  const { separator, encoding } = reading;
  return parseCsv(bytes, {
    ...limits,
    names,
    ...(separator !== undefined && { separator }),
    ...(encoding !== undefined && { encoding }),
  });
}

const limitsOf = ({ maxRows, maxBytes }: CsvSpec) => ({ maxRows, maxBytes, maxColumns });

const tooLongQuery = (size: number, most: number): NodeError =>
  new NodeError('learning', `sql: the query has ${size} bytes, but at most ${most} are read`, {
    mend: 'Give the file of the query, not one of rows.',
  });

/** A file's bytes. @throws what `refusal` makes of its size, where that is above `most`. */
async function readWhole(
  path: string,
  most: number,
  refusal: (size: number, most: number) => NodeError,
): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > most) throw refusal(size, most);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
