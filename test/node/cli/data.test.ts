// `murmur data check` and `murmur model predict` on files as sites have them: what is printed, and what fails.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeModelFile } from '../../../node/cli/files/model_file.ts';
import { describeError } from '../../../node/cli/output/fault.ts';
import { check } from '../../../node/cli/verbs/data/check.ts';
import { predict } from '../../../node/cli/verbs/model/use.ts';
import { initialModel, modelLayout, sha256Of, taskDescription } from '../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../node/protocol/index.ts';
import { root } from '../../suites/suite.ts';
import { clinicTask } from '../learn/clinics.ts';
import { walls } from '../learn/program/programs.ts';

const reading = { absent: [], dropFaulty: false } as const;
const header = 'patient;age;sex;pressure;chol;chest pain;disease';
const good = ['P-1;50;m;120;200;none;no', 'P-2;61;f;130;?;typical;yes', '=P3;45;f;110;180;none;no'];

let folder: string;
let description: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-data-'));
  description = join(folder, 'task.json');
  await writeFile(description, JSON.stringify(clinicTask(1)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** A file of the test's folder with these lines below the header. */
async function rows(...lines: string[]) {
  const file = join(folder, 'rows.csv');
  await writeFile(file, [header, ...lines, ''].join('\n'));
  return { kind: 'csv', file } as const;
}

/** What is printed, and the fault in its end. */
async function told(work: () => Promise<unknown>): Promise<{ text: string; fault: string | undefined }> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const fault = await work().then(() => undefined, describeError);
  return { text: lines.join('\n'), fault };
}

describe('data check', () => {
  it('says what a file holds', async () => {
    const data = await rows(...good);
    const { text, fault } = await told(() => check({ description, data, ...reading, json: false }));
    expect(fault).toBeUndefined();
    expect(text).toMatch(/^3 rows by disease, no: 2, yes: 1$/m);
    expect(text).toMatch(/^ {2}age +45 to 61$/m);
    expect(text).toMatch(/^ {2}sex +m: 1, f: 2$/m);
    expect(text).toMatch(/^ {2}chol +180 to 200; 1 missing$/m);
    expect(text).toMatch(/the file can be used/);
  });
  it('lists everything that cannot be used, and ends with a fault', async () => {
    const data = await rows(...good, 'P-4;old;x;120;200;none;no', 'P-5;50,5;m;120;200;none;maybe', 'P-6;1');
    const { text, fault } = await told(() => check({ description, data, ...reading, json: false }));
    expect(fault).toMatch(/rows\.csv: a trainer or validator would refuse it/);
    expect(text).toMatch(/age: 1 cell is no number \(line 5: "old"\)/);
    expect(text).toMatch(/age: 1 cell is no number \(line 6: "50,5"\)\n.*--decimal=comma/);
    expect(text).toMatch(/sex: 1 cell is no known category \(m, f\) \(line 5: "x"\)/);
    expect(text).toMatch(/disease: 1 label belongs to no class/);
    expect(text).toMatch(/1 row has another number of fields .*line 7: "2 fields"/);
    expect(text).toMatch(/without the rows that cannot be used \(--drop-faulty\), 3 of 6 are left/);
  });
  it('says the same as JSON', async () => {
    const data = await rows(...good, 'P-4;old;m;120;200;none;no');
    const { text, fault } = await told(() => check({ description, data, ...reading, json: true }));
    expect(fault).toBeDefined();
    expect(JSON.parse(text)).toMatchObject({
      usable: false,
      rows: 4,
      usableRows: 3,
      classes: [2, 1],
      faults: [{ column: 'age', count: 1, examples: [{ place: 'line 5', text: 'old' }] }],
    });
    const dropping = await told(() => check({ description, data, ...reading, dropFaulty: true, json: true }));
    expect([dropping.fault, JSON.parse(dropping.text).usable]).toEqual([undefined, true]);
  });
});

describe('data check of a task whose model is a program', () => {
  const program = join(root, 'examples/programs/layers.ts');
  const exec = `"${process.execPath}" "${program}"`;
  const taskOf = async (sha256: string, inputs = 8) => {
    const file = join(folder, 'program.json');
    const model = {
      kind: 'program',
      files: [{ name: 'layers.ts', sha256 }],
      settings: { inputs, hidden: 4, classes: 2 },
      parameters: [
        { name: 'hidden weights', shape: [8, 4] },
        { name: 'hidden bias', shape: [4] },
        { name: 'output weights', shape: [4, 2] },
        { name: 'output bias', shape: [2] },
      ],
    };
    await writeFile(file, JSON.stringify({ ...clinicTask(1), model }));
    return file;
  };

  it('says what is to be installed, and that it is', async () => {
    const file = await taskOf(await sha256Of(program));
    const data = await rows(...good);
    const without = await told(() => check({ description: file, data, ...reading, json: false }));
    expect(without.text).toMatch(
      /a program of 46 parameters \(layers\.ts [0-9a-f]{12}\), to be installed here/,
    );
    const { text, fault } = await told(() =>
      check({ description: file, data, ...reading, exec, execWalls: walls, execShows: [root], json: false }),
    );
    expect(fault).toBeUndefined();
    expect(text).toMatch(/installed here with the task's parameters/);
  });

  it('refuses another program by name, and another layout', async () => {
    const data = await rows(...good);
    const other = await taskOf('0'.repeat(64));
    const { fault } = await told(() =>
      check({ description: other, data, ...reading, exec, execWalls: walls, execShows: [root], json: false }),
    );
    expect(fault).toMatch(/is not the task's: layers\.ts has SHA-256 [0-9a-f]{64}, but the task's has 0{64}/);
    const wide = await taskOf(await sha256Of(program), 9);
    const misfit = await told(() =>
      check({ description: wide, data, ...reading, exec, execWalls: walls, execShows: [root], json: false }),
    );
    expect(misfit.fault).toMatch(
      /parameters are hidden weights \[9 x 4\].* but the task's are hidden weights \[8 x 4\]/,
    );
  });

  it('refuses a command where the model is of layers', async () => {
    const data = await rows(...good);
    const { fault } = await told(() =>
      check({ description, data, ...reading, exec, execWalls: walls, execShows: [root], json: false }),
    );
    expect(fault).toMatch(/--exec is .* but the task's model is of layers\. Leave it out/);
  });
});

describe('model predict', () => {
  it('carries columns over, of whom nothing becomes a formula, and numbers rows as the file does', async () => {
    const task = taskDescription.parse(clinicTask(1));
    const layout = modelLayout(task.model);
    const model = initialModel(layout, 1);
    const digest = digestOf(encodeModel(model));
    const known = { mean: 100, deviation: 10 };
    const path = join(folder, 'model.json');
    await writeModelFile(path, {
      origin: { chainId: 1, marketplace: '0x', task: '1' },
      description: task,
      statistics: { age: known, pressure: known, chol: known },
      lineage: { first: digest, steps: [], digest, model },
      layout,
    });
    const data = await rows(good[0]!, 'P-9;old;m;1;1;none;', ...good.slice(1));
    const out = join(folder, 'scores.csv');
    const settings = { model: path, data, ...reading, json: false, id: ['patient'], out };
    expect((await told(() => predict(settings))).fault).toMatch(/age: 1 cell is no number \(line 3: "old"\)/);
    expect((await told(() => predict({ ...settings, dropFaulty: true }))).fault).toBeUndefined();
    const scores = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(scores.map((cells) => cells.slice(0, 2))).toEqual([
      ['row', 'patient'],
      ['1', 'P-1'],
      ['3', 'P-2'],
      ['4', "'=P3"],
    ]);
    const unknown = await told(() => predict({ ...settings, dropFaulty: true, id: ['nobody'] }));
    expect(unknown.fault).toMatch(/--id is nobody, but the file has 0 columns of this name/);
  });
});
