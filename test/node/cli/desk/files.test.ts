// Somebody's own file: what each task would make of it, column by column; and the copy that the desk keeps.
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchesSchema, matchSchema } from '../../../../desk/index.ts';
import { type KeptFiles, openKeptFiles } from '../../../../node/cli/desk/files/kept_files.ts';
import { matchFile } from '../../../../node/cli/desk/files/match.ts';
import { matchAll } from '../../../../node/cli/desk/files/match_all.ts';
import { csvSpec, plainReading } from '../../../../node/learn/index.ts';
import { openState, type State } from '../../../../node/state/index.ts';

const spec = csvSpec.parse({
  kind: 'csv',
  columns: [
    { type: 'numeric', name: 'age', range: [0, 120] },
    { type: 'categorical', name: 'sex', values: ['f', 'm'] },
  ],
  target: { name: 'ill', classes: [['no'], ['yes']] },
});

let folder: string;
let state: State;
let files: KeptFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-desk-'));
  state = await openState(join(folder, 'desk'));
  files = await openKeptFiles(state);
});
afterAll(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

let written = 0;
async function match(text: string, reading = plainReading) {
  const file = join(folder, `${written++}.csv`);
  await writeFile(file, text);
  return matchSchema.parse(await matchFile({ source: { kind: 'csv', file }, reading }, '1', spec));
}

describe('a file against a task', () => {
  it('that fits, fits in every column', async () => {
    const found = await match('age,sex,ill\n40,f,no\n50,m,yes\n');
    expect(found).toMatchObject({ fits: 'yes', rows: 2, usable: 2, mends: [] });
    expect(found.columns.map(({ name, fits }) => [name, fits])).toEqual([
      ['age', 'yes'],
      ['sex', 'yes'],
      ['ill', 'yes'],
    ]);
    expect(found.says[0]).toBe('2 rows by ill, no: 1, yes: 1');
  });

  it('with cells that cannot be used fits without their rows, and says which column has them', async () => {
    const found = await match('age,sex,ill\n40,f,no\n50,x,yes\nold,m,yes\n60,m,no\n');
    expect(found).toMatchObject({ fits: 'rows', rows: 4, usable: 2 });
    expect(found.columns.map(({ fits }) => fits)).toEqual(['partly', 'partly', 'yes']);
    expect(found.columns[1]!.says).toMatch(/^1 cell is no known category \(f, m\)/);
  });

  it('whose column is in other units does not fit, and the column says why', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${14_000 + i},f,no`).join('\n');
    const found = await match(`age,sex,ill\n${rows}\n`);
    expect(found.fits).toBe('no');
    expect(found.columns[0]).toMatchObject({ name: 'age', fits: 'no' });
    expect(found.mends.join(' ')).toContain('units');
  });

  it('that is written otherwise fits once it is said how', async () => {
    const text = 'age;sex;ill\n40,5;f;no\nNA;m;yes\n50,25;m;yes\n';
    expect((await match(text)).fits).toBe('no');
    const reading = { ...plainReading, decimal: ',', absent: ['NA'] } as const;
    expect(await match(text, { ...reading, absent: [...reading.absent] })).toMatchObject({
      fits: 'rows',
      rows: 3,
      usable: 2,
    });
  });

  it('that lacks columns says which, and which are there', async () => {
    const found = await match('AGE,weight\n40,80\n');
    expect(found).toMatchObject({
      fits: 'no',
      says: ['1 of 3 columns that the task asks for are in the file'],
    });
    expect(found.columns.map(({ fits }) => fits)).toEqual(['yes', 'no', 'no']);
  });

  it.each([
    ['a workbook', 'PK\u0003\u0004 rest', /workbook/],
    ['nothing', '', /empty/],
    ['a name twice', 'age,age,sex,ill\n1,1,f,no\n', /names column "age" 2 times/],
    ['a quote that never ends', 'age,sex,ill\n"40,f,no\n', /quote is not closed/],
  ])('that is %s does not fit, in words', async (_, text, words) => {
    const found = await match(text);
    expect(found).toMatchObject({ fits: 'no', columns: [] });
    expect(found.says[0]).toMatch(words);
  });

  it('is read for every task in a thread, with the same result', async () => {
    const file = join(folder, 'all.csv');
    await writeFile(file, 'age,sex,ill\n40,f,no\n50,m,yes\n');
    const tasks = [
      { task: '1', spec },
      { task: '2', spec: { ...spec, maxRows: 1 } },
    ];
    const matches = await matchAll({ source: { kind: 'csv', file }, reading: plainReading, tasks });
    expect(matches.map(({ task, fits }) => [task, fits])).toEqual([
      ['1', 'yes'],
      ['2', 'no'],
    ]);
  });
});

describe('the copy', () => {
  it('is kept as it came, for this user alone, and goes when it is taken back', async () => {
    const text = 'age,sex,ill\n40,f,no\n';
    const kept = await files.keep('my\u202E rows.csv', Readable.from([Buffer.from(text)]));
    expect(kept).toMatchObject({ name: 'my\uFFFD rows.csv', bytes: text.length });
    expect(await files.list()).toEqual([kept]);
    const source = files.source(kept);
    expect(source.kind).toBe('csv');
    expect((await stat(source.file)).mode & 0o777).toBe(0o600);
    const matches = [await matchFile({ source, reading: plainReading }, '1', spec)];
    expect(matchesSchema.parse({ file: kept, matches }).matches[0]!.fits).toBe('yes');
    await files.remove(kept.id);
    expect(await files.list()).toEqual([]);
    expect(await readdir(join(folder, 'desk', 'rows'))).toEqual([]);
    await expect(files.find(kept.id)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is known by the id that its giver chose, and never takes the place of another', async () => {
    const id = '00000000-0000-4000-8000-00000000000a';
    const bytes = (text: string) => Readable.from([Buffer.from(text)]);
    const kept = await files.keep('rows.csv', bytes('age\n40\n'), id);
    expect(kept.id).toBe(id);
    await expect(files.keep('others.csv', bytes('age\n'), id)).rejects.toMatchObject({ kind: 'not-ready' });
    expect(await files.find(id)).toEqual(kept);
    expect((await stat(files.source(kept).file)).size).toBe(7);
    await files.remove(id);
  });

  it('that breaks off leaves nothing behind', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('age,');
        throw new Error('the browser left');
      })(),
    );
    await expect(files.keep('rows.csv', broken)).rejects.toThrow('the browser left');
    expect(await files.list()).toEqual([]);
    expect(await readdir(join(folder, 'desk', 'rows'))).toEqual([]);
  });
});
