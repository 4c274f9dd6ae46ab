// A program in a task: what the description may say, whose files are held against it, and what the page shows.
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  askParameters,
  checkFiles,
  folderOf,
  type ModelSpec,
  modelLayout,
  sha256Of,
  startProgram,
  taskDescription,
  wordsOf,
} from '../../../../node/learn/index.ts';
import { encodeFrame } from '../../../../node/learn/program/frames.ts';
import { root } from '../../../suites/suite.ts';
import { clinicTask } from '../clinics.ts';
import { halves } from '../host/compliance.ts';
import { examples, modelOf, perceptron, pythonWith, walls } from './programs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-program-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sha256 = 'ab'.repeat(32);
const program = {
  kind: 'program',
  files: [{ name: 'train.py', sha256 }],
  settings: { hidden: 4, cosine: true, optimiser: 'adam' },
  parameters: [
    { name: 'w', shape: [4, 8] },
    { name: 'b', shape: [4] },
  ],
};
const described = (model: object) => taskDescription.safeParse({ ...clinicTask(1), model });

describe('a description', () => {
  it('of a program says how its parameters lie', () => {
    const { data } = described(program);
    expect(data!.model).toEqual(program);
    const { size, weights } = modelLayout(data!.model as ModelSpec);
    expect([size, weights.map(({ offset }) => offset)]).toEqual([36, [0, 32]]);
  });

  it.each([
    ['a kind that is none', { ...program, kind: 'script' }, /kind/],
    ['no file', { ...program, files: [] }, /files/],
    ['a file above the folder', { ...program, files: [{ name: '../train.py', sha256 }] }, /files\.0\.name/],
    ['a file by its path', { ...program, files: [{ name: '/train.py', sha256 }] }, /files\.0\.name/],
    ['a digest in capitals', { ...program, files: [{ name: 'a', sha256: sha256.toUpperCase() }] }, /sha256/],
    ['a file twice', { ...program, files: [...program.files, ...program.files] }, /files\.1\.name/],
    ['code', { ...program, code: 'print(1)' }, /code/],
    ['no parameter', { ...program, parameters: [] }, /parameters/],
    [
      'a parameter twice',
      { ...program, parameters: [program.parameters[0], program.parameters[0]] },
      /twice/,
    ],
    ['an empty side', { ...program, parameters: [{ name: 'w', shape: [0] }] }, /shape/],
    [
      'too many numbers',
      { ...program, parameters: [{ name: 'w', shape: [4097, 4097] }] },
      /at most 16777216/,
    ],
    ['a setting that is a list', { ...program, settings: { hidden: [4] } }, /settings/],
  ])('with %s is refused', (_, model, reason) => {
    const { error } = described(model);
    expect(JSON.stringify(error?.issues.map(({ path, message }) => [path.join('.'), message]))).toMatch(
      reason,
    );
  });

  it('of layers reads as before, with its kind or without', () => {
    const { model } = clinicTask(1);
    expect(described(model).data!.model).toEqual(model);
    expect(described({ kind: 'layers', ...model }).success).toBe(true);
  });
});

describe('a command', () => {
  it('is words, held together by quotes', () => {
    expect(wordsOf(`  nice "/opt/my python" -u 'a b'/train.py --x="1 2"`)).toEqual([
      'nice',
      '/opt/my python',
      '-u',
      'a b/train.py',
      '--x=1 2',
    ]);
  });

  it('with a quote that has no other is refused, not read without it', () => {
    for (const command of ['python3 "train.py', `python3 'a b"/train.py`, 'python3 "a b" train".py'])
      expect(() => wordsOf(command)).toThrow(/a quote in it has no other/);
    expect(wordsOf(`python3 "o'brien.py"`)).toEqual(['python3', "o'brien.py"]);
  });

  it('names the first file once, wherever it lies', () => {
    expect(folderOf(['python3', '/opt/site/net/train.py'], 'net/train.py')).toBe('/opt/site');
    expect(folderOf(['python3', 'train.py'], 'train.py')).toBe(process.cwd());
    for (const words of [['python3', 'xtrain.py'], ['python3'], ['sh', '/a/train.py', '/b/train.py']])
      expect(() => folderOf(words, 'train.py')).toThrow(/--exec is .* words of it name the task's program/);
  });
});

describe("a site's files", () => {
  const start = async () => {
    const names = ['w1', 'b1', 'w2', 'b2'];
    const model = await modelOf(examples, ['mlp_numpy.py', 'murmur.py'], perceptron(12, 4, 2, names));
    await cp(examples, folder, { recursive: true });
    return startProgram(model, {
      exec: `python3 ${join(folder, 'mlp_numpy.py')}`,
      walls,
      hear: () => undefined,
    });
  };

  it('that are those of the task are run', async () => {
    await (await start()).close();
  });

  it('of which one is a pipe are refused, not waited for', async () => {
    await start();
    await rm(join(folder, 'murmur.py'));
    spawnSync('mkfifo', [join(folder, 'murmur.py')]);
    await symlink('/dev/zero', join(folder, 'endless.py'));
    const model = await modelOf(examples, ['mlp_numpy.py', 'murmur.py'], { parameters: [['w', [1]]] });
    await expect(checkFiles(folder, model)).rejects.toThrow(/murmur\.py cannot be read: it is no file/);
    const endless = { files: [{ name: 'endless.py', sha256: '0'.repeat(64) }] };
    await expect(checkFiles(folder, endless)).rejects.toThrow(/endless\.py cannot be read: it is no file/);
  });

  it('of which one is another or is missing are refused by name, before they are run', async () => {
    const host = await start();
    await writeFile(join(folder, 'murmur.py'), '# another one');
    const found = await sha256Of(join(folder, 'murmur.py'));
    const refusal = {
      code: 'input',
      message: expect.stringContaining(`murmur.py has SHA-256 ${found}, but`),
    };
    // Also where it changes while the role runs.
    await expect(host.take(halves(3, 1))).rejects.toMatchObject(refusal);
    await rm(join(folder, 'murmur.py'));
    await expect(host.take(halves(3, 1))).rejects.toThrow(/murmur\.py cannot be read/);
    await host.close();
  });
});

describe('docs/programs.md', () => {
  const page = () => readFile(join(root, 'docs/programs.md'), 'utf8');

  it('shows frames as they are', async () => {
    const shown = (await page()).match(/^\{"order":"train".*⏎\n(?:[0-9a-f]{2} ?)+$/m)![0];
    const [line, bytes] = shown.split('⏎\n');
    const { lengths: _, ...header } = JSON.parse(line!);
    const frame = Buffer.concat(encodeFrame({ header, arrays: [Float32Array.of(0.5, -1)] }));
    expect(frame.toString('latin1')).toBe(
      `${line}\n${Buffer.from(bytes!.replaceAll(' ', ''), 'hex').toString('latin1')}`,
    );
  });

  it.skipIf(!pythonWith('numpy'))('has an example that learns as it stands (needs numpy)', async () => {
    const own = join(folder, 'page');
    await cp(join(examples, 'murmur.py'), join(own, 'murmur.py'));
    await writeFile(join(own, 'train.py'), /```python\n([\s\S]*?)```/.exec(await page())![1]!);
    const exec = `${pythonWith('numpy')} ${join(own, 'train.py')}`;
    const settings = { inputs: 12 };
    const run = { exec, walls, hear: () => undefined };
    const { files } = await modelOf(own, ['train.py', 'murmur.py'], { parameters: [['w', [1]]] });
    const found = await askParameters(run, { files, settings });
    expect(found).toEqual([
      { name: 'weights', shape: [12, 2] },
      { name: 'bias', shape: [2] },
    ]);
    const parameters = found.map(({ name, shape }) => [name, [...shape]] as [string, number[]]);
    const model = await modelOf(own, ['train.py', 'murmur.py'], { settings, parameters });
    const host = await startProgram(model, run);
    try {
      const rows = await host.take(halves(300, 1));
      const flat = await host.initial(1);
      const change = await rows.train(flat, { steps: 60, batch: 32, rate: 0.3, seed: 1, round: 0 });
      expect((await rows.evaluate(flat.map((x, i) => x + change[i]!))).accuracy).toBeGreaterThan(0.85);
      expect((await rows.gradient(flat)).loss).toBeCloseTo(Math.LN2, 4);
    } finally {
      await host.close();
    }
  });
});
