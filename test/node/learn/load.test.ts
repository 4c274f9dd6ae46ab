// Rows from where they lie: files of separated values, Parquet, a database. The same table whichever it is.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { csvSpec, loadTable, plainReading, type TableSource, tableData } from '../../../node/learn/index.ts';
import { type Postgres, postgresPrograms, startPostgres } from '../service/postgres.ts';

const spec = csvSpec.parse({
  kind: 'csv',
  columns: [
    { type: 'numeric', name: 'age', mean: 0, deviation: 1 },
    { type: 'numeric', name: 'weight', mean: 0, deviation: 1, missing: 'mean' },
    { type: 'categorical', name: 'sex', values: ['f', 'm'] },
  ],
  target: {
    name: 'ill',
    classes: [
      ['false', '0'],
      ['true', '1'],
    ],
  },
  maxRows: 10_000,
  maxBytes: 1_000_000,
});
const load = (source: TableSource, of = spec) => loadTable(source, of, plainReading);
/** What the rows become: ages 50 and 61, a weight missing, one ill. */
const expected = { inputs: [50, 70.5, 1, 0, 61, 0, 0, 1], labels: [0, 1] };

async function expectRows(source: TableSource): Promise<void> {
  const { inputs, labels } = tableData(await load(source), spec).dataset({});
  expect({ inputs: [...inputs], labels: [...labels] }).toEqual(expected);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-rows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a file into the folder. */
async function written(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe('a file of separated values', () => {
  it('is read by its header', async () => {
    const file = await written('rows.csv', 'sex;weight;age;ill;note\nf;70.5;50;0;x\nm;;61;1;y\n');
    await expectRows({ kind: 'csv', file });
  });
  it('beyond the task’s bytes is refused before it is read', async () => {
    const file = await written('large.csv', `age\n${'1\n'.repeat(600_000)}`);
    await expect(load({ kind: 'csv', file })).rejects.toThrow(/1200004 bytes, but the task allows 1000000/);
    await expect(load({ kind: 'parquet', file })).rejects.toThrow(
      'data: the file has 1200004 bytes, but the task allows 1000000 (data.maxBytes)',
    );
  });
});

describe('a Parquet file', () => {
  const parquet = (rows: number) =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'age', data: Array.from({ length: rows }, (_, i) => (i === 0 ? 50n : 61n)), type: 'INT64' },
          {
            name: 'weight',
            data: Array.from({ length: rows }, (_, i) => (i === 0 ? 70.5 : null)),
            type: 'DOUBLE',
          },
          {
            name: 'sex',
            data: Array.from({ length: rows }, (_, i) => (i === 0 ? 'f' : 'm')),
            type: 'STRING',
          },
          { name: 'ill', data: Array.from({ length: rows }, (_, i) => i !== 0), type: 'BOOLEAN' },
        ],
      }),
    );
  it('gives typed values, and nothing where there is none', async () => {
    await expectRows({ kind: 'parquet', file: await written('rows.parquet', parquet(2)) });
  });
  it('with more rows than the task allows is refused by its own count', async () => {
    const file = await written('many.parquet', parquet(10_001));
    await expect(load({ kind: 'parquet', file })).rejects.toThrow(/more than 10000 rows/);
  });
  it.each([
    ['cut short', parquet(2).subarray(0, 200), undefined],
    ['another file', new TextEncoder().encode('age,ill\n1,0\n'), expect.stringContaining('csv:FILE')],
  ])('that is %s is refused by name', async (_, bytes, mend) => {
    const file = await written('broken.parquet', bytes);
    await expect(load({ kind: 'parquet', file })).rejects.toMatchObject({
      message: expect.stringMatching(/parquet: the file cannot be read/),
      mend,
    });
  });
});

/** Two persons of the common data model: one fell ill in 2000, after a pressure of 130 and before one of 180. */
const omop = `
  CREATE TABLE person (person_id int, year_of_birth int, gender_concept_id int);
  CREATE TABLE condition_occurrence (person_id int, condition_concept_id int, condition_start_date date);
  CREATE TABLE concept_ancestor (ancestor_concept_id int, descendant_concept_id int);
  CREATE TABLE measurement (person_id int, measurement_concept_id int, measurement_date date, value_as_number numeric);
  INSERT INTO person VALUES (1, 1950, 8507), (2, 1960, 8532);
  INSERT INTO concept_ancestor VALUES (317576, 317576), (317576, 7), (1, 8);
  INSERT INTO condition_occurrence VALUES (1, 7, '2000-06-01'), (1, 7, '2001-06-01'), (2, 8, '1999-01-01');
  INSERT INTO measurement VALUES (1, 4152194, '1998-01-01', 120), (1, 4152194, '1999-01-01', 130),
    (1, 4152194, '2002-01-01', 180), (2, 3027114, '2003-01-01', 210), (2, 3027114, '2004-01-01', NULL);
`;

describe("a query's file", () => {
  it('that is longer than any query is refused as such, whatever the task allows', async () => {
    const file = await written('large.sql', '-'.repeat(1_000_001));
    const allowing = { ...spec, maxBytes: 2_000_000 };
    await expect(load({ kind: 'sql', file }, allowing)).rejects.toThrow(
      'sql: the query has 1000001 bytes, but at most 1000000 are read',
    );
  });
});

describe.skipIf(postgresPrograms === undefined)('a query (Debian: postgresql)', () => {
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.database('clinic');
    const client = new pg.Client(url);
    await client.connect();
    await client.query('CREATE TABLE visits (id int, age int, weight numeric, sex text, ill boolean)');
    await client.query("INSERT INTO visits VALUES (1, 50, 70.5, 'f', false), (2, 61, NULL, 'm', true)");
    await client.end();
    process.env.MURMURATION_DATA_URL = url;
  });
  afterEach(() => {
    process.env.MURMURATION_DATA_URL = url;
  });
  afterAll(async () => {
    delete process.env.MURMURATION_DATA_URL;
    await postgres?.stop();
  });
  const query = async (text: string) => ({ kind: 'sql', file: await written('rows.sql', text) }) as const;
  const remaining = async () => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS n FROM visits');
    await client.end();
    return rows[0].n as number;
  };

  it('gives its rows', async () => {
    await expectRows(
      await query(
        `SELECT age, weight, sex, CASE WHEN ill THEN 'true' ELSE 'false' END AS ill FROM visits ORDER BY id;`,
      ),
    );
  });
  it('of the page on OMOP gives a row a person, with what was measured before', async () => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(omop);
    await client.end();
    const page = await readFile(new URL('../../../docs/data.md', import.meta.url), 'utf8');
    const [, text] = /```sql\n([\s\S]+?)```/.exec(page)!;
    const { header, rows } = await load(await query(text!));
    expect(header).toEqual(['age', 'sex', 'pressure', 'cholesterol', 'disease']);
    expect(rows.toSorted()).toEqual(
      [
        ['50', 'm', '130', '', '1'],
        [String(new Date().getFullYear() - 1960), 'f', '', '210', '0'],
      ].toSorted(),
    );
  });
  it.each([
    'DELETE FROM visits RETURNING age, weight, sex, ill',
    'WITH gone AS (DELETE FROM visits RETURNING *) SELECT * FROM gone',
    'SELECT * FROM visits; DELETE FROM visits',
    'SELECT 1; COMMIT; DELETE FROM visits',
    "SELECT set_config('transaction_read_only', 'off', true); DELETE FROM visits",
  ])('cannot change anything: %s', async (text) => {
    await expect(load(await query(text))).rejects.toThrow(/sql: the database refuses the query/);
    expect(await remaining()).toBe(2);
  });
  it('with more rows than the task allows is refused', async () => {
    await expect(load(await query('SELECT generate_series(1, 20000) AS age'))).rejects.toThrow(
      /more than 10000 rows/,
    );
    const long = "SELECT repeat('x', 1000) AS age FROM generate_series(1, 5000)";
    await expect(load(await query(long))).rejects.toThrow(/more than the 1000000 bytes/);
  });
  it('at a database that is away is told with what names it, and without its password', async () => {
    process.env.MURMURATION_DATA_URL = 'postgres://tester:secret@127.0.0.1:1/clinic';
    const failure = await load(await query('SELECT 1')).catch((error: Error & { mend: string }) => error);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/does not answer/),
      mend: expect.stringMatching(/MURMURATION_DATA_URL/),
    });
    expect(JSON.stringify([String(failure), failure])).not.toContain('secret');
  });
});
