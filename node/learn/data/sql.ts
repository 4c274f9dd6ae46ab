// Rows of a query at the site's own PostgreSQL, in a transaction that can only read.
import { reasonOf } from '@murmuration/core';
import pg from 'pg';
import { NodeError } from '../../errors.ts';
import { type Table, type TableLimits, tooManyRows } from './table.ts';

/** Names the database: `postgres://user@host/database`; without it, the variables of libpq do (PGHOST, PGUSER, ...). */
export const databaseVariable = 'MURMURATION_DATA_URL';

/** Rows that are fetched at a time. */
const batch = 5000;
/** Milliseconds that a statement may take. */
const patience = 600_000;

/**
 * The rows of one query, each value as the database writes it.
 * @throws NodeError `input` where the database does not answer or refuses the query; `learning` beyond the limits.
 */
export async function queryTable(
  query: string,
  { maxRows, maxBytes, maxColumns }: TableLimits,
): Promise<Table> {
  const url = process.env[databaseVariable];
  const client = new pg.Client({
    ...(url !== undefined && { connectionString: url }),
    connectionTimeoutMillis: 10_000,
    statement_timeout: patience,
    application_name: 'murmuration',
  });
  const mend = `${databaseVariable} names the database, or PGHOST, PGDATABASE and PGUSER do.`;
  try {
    await client.connect();
  } catch (cause) {
    throw new NodeError('input', `sql: the database does not answer: ${reasonOf(cause)}`, { mend, cause });
  }
  try {
    await client.query('BEGIN TRANSACTION READ ONLY');
    // The extended protocol takes one statement: a query cannot end the transaction and go on without its limits.
    const text = query.trim().replace(/;$/, '');
    await client.query({
      text: `DECLARE rows NO SCROLL CURSOR FOR ${text}`,
      queryMode: 'extended',
    } as pg.QueryConfig);
    return await fetchAll(client, { maxRows, maxBytes, maxColumns });
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    throw new NodeError('input', `sql: the database refuses the query: ${reasonOf(cause)}`, {
      mend: 'Give one SELECT, whose columns have the names that the task says.',
      cause,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function fetchAll(client: pg.Client, { maxRows, maxBytes, maxColumns }: TableLimits): Promise<Table> {
  const rows: string[][] = [];
  let bytes = 0;
  for (;;) {
    const { fields, rows: found } = await client.query<(string | null)[]>({
      text: `FETCH ${batch} FROM rows`,
      rowMode: 'array',
      types: { getTypeParser: () => (value: string | null) => value },
    });
    if (fields.length > maxColumns) throw new NodeError('learning', `sql: more than ${maxColumns} columns`);
    for (const row of found) {
      const cells = row.map((cell) => cell ?? '');
      for (const cell of cells) bytes += cell.length;
      rows.push(cells);
    }
    if (rows.length > maxRows) throw tooManyRows(maxRows);
    if (bytes > maxBytes)
      throw new NodeError(
        'learning',
        `sql: more than the ${maxBytes} bytes that the task allows (data.maxBytes)`,
      );
    if (found.length < batch) return { header: fields.map(({ name }) => name), rows };
  }
}
