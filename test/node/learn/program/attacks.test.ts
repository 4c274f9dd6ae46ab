// Programs that go wrong: none of them hangs a role, fills its memory or its log, or gets a number into a sum.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Dataset,
  type ProgramHost,
  type RoundSteps,
  sha256Of,
  startProgram,
} from '../../../../node/learn/index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const odd = join(here, 'odd.ts');
const data: Dataset = {
  count: 1,
  shape: [1],
  inputs: Float32Array.of(1),
  labels: Uint16Array.of(0),
  classes: 2,
};
const steps: RoundSteps = { steps: 1, batch: 1, rate: 0.1, seed: 's', round: 0 };
const model = Float32Array.of(0, 0);

let folder: string;
const hosts: ProgramHost[] = [];
const heard: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-odd-'));
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  heard.length = 0;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The odd program at work, and where it leaves a mark. */
async function open(how: string, seconds?: number) {
  const mark = join(folder, how.replaceAll(' ', '_'));
  const host = await startProgram(
    {
      kind: 'program',
      files: [{ name: 'odd.ts', sha256: await sha256Of(odd) }],
      settings: { how, mark },
      parameters: [{ name: 'w', shape: [2] }],
    },
    {
      exec: `"${process.execPath}" "${odd}"`,
      // What is tried here is the protocol; a mark beside it tells of lives before. Walls have walls.test.ts.
      walls: 'none',
      hear: (line) => heard.push(line),
      ...(seconds === undefined ? {} : { seconds }),
    },
  );
  hosts.push(host);
  // That it runs without walls is said first (walls.test.ts).
  heard.length = 0;
  return { mark, rows: await host.take(data) };
}

describe('what a program gives back', () => {
  it.each([
    ['not a number', /local update: value 1 is NaN/],
    ['infinite', /local update: value 0 is -Infinity/],
    ['short', /arrays of \[1\] numbers, but \[2\] are asked for/],
    ['long', /arrays of \[3\] numbers, but \[2\] are asked for/],
    ['a gigabyte', /arrays of \[268435456\] numbers, but \[2\] are asked for/],
    ['an endless line', /a line has more than 1048576 bytes/],
    ['another order', /an answer is to order \d+, but \d+ is open/],
    ['noise', /standard output is not the protocol's: a line is "epoch 1: loss 0\.3"/],
    ['refuses', /^the program cannot train: no memory \[2Jz+ …$/],
  ])('that is %s is refused, and the next order is obeyed', async (how, message) => {
    const { rows } = await open(how);
    await expect(rows.train(model, steps)).rejects.toMatchObject({
      code: 'learning',
      message: expect.stringMatching(message),
    });
    expect(await rows.predict(model)).toEqual(Float32Array.of(0.5, 0.5));
  });

  it.each([
    ['too sure', /row 0 has 1\.2\d*, but probabilities lie from 0 to 1/],
    ['not whole', /row 0 sums to 0\.4\d*, but its probabilities sum to 1/],
  ])('as probabilities that are %s is refused: it would count as accuracy', async (how, message) => {
    const { rows } = await open(how);
    await expect(rows.evaluate(model)).rejects.toMatchObject({
      code: 'learning',
      message: expect.stringMatching(message),
    });
  });

  it('that goes on after its frame ends this life of it, is told, and is not taken for an answer', async () => {
    const { rows } = await open('more than its frame');
    await rows.train(model, steps);
    expect(await rows.predict(model)).toEqual(Float32Array.of(0.5, 0.5));
    expect(heard).toEqual([expect.stringMatching(/it goes on although nothing is asked/)]);
  });

  it('as another layout is refused before it is given rows', async () => {
    await expect(open('of another shape')).rejects.toMatchObject({
      message: "the program's parameters are w [3], but the task's are w [2]",
    });
  });
});

describe('a program that', () => {
  it('hangs is ended when its time is over, and started again for the next order', async () => {
    const { rows } = await open('hangs', 1);
    await expect(rows.train(model, steps)).rejects.toMatchObject({
      code: 'learning',
      message: 'the program took more than 1 s to train',
      mend: expect.stringContaining('--exec-limit'),
    });
    expect(await rows.predict(model)).toEqual(Float32Array.of(0.5, 0.5));
  });

  it('dies in the middle of a frame is started again, is given its rows again, and the order is done', async () => {
    const { rows } = await open('dies once');
    expect(await rows.train(model, steps)).toEqual(Float32Array.of(1, 1));
    expect(heard).toEqual([expect.stringMatching(/ended \(exit code 3\).*started again/)]);
  });

  it('dies of an order each time is not started for ever', async () => {
    const { rows } = await open('dies for good');
    await expect(rows.train(model, steps)).rejects.toMatchObject({
      code: 'learning',
      message: expect.stringMatching(/the program ended \(exit code 3\)/),
    });
    expect(heard.filter((line) => line.includes('started again'))).toHaveLength(2);
    expect(await rows.predict(model)).toEqual(Float32Array.of(0.5, 0.5));
  });

  it('chatters is shown in part, on lines that move no cursor', async () => {
    const { rows } = await open('chatters');
    expect(await rows.train(model, steps)).toEqual(Float32Array.of(1, 1));
    await rows.predict(model);
    const told = heard.join('\n');
    expect(heard.length).toBeLessThan(400);
    expect(heard[0]).toMatch(/^line 0 \[31my+ …$/);
    expect(told).not.toContain('\u001b');
    expect(Math.max(...heard.map((line) => line.length))).toBeLessThan(510);
  });

  it('tells how far it is, is heard', async () => {
    const { rows } = await open('tells');
    await rows.train(model, steps);
    expect(heard).toEqual(['train 50 % epoch 3']);
  });

  it('looks around finds no password or key of its role in its environment', async () => {
    process.env.MURMURATION_PASSWORD = 'the password of the role';
    process.env.PGPASSWORD = 'the password of the rows';
    try {
      const { rows, mark } = await open('environment');
      await rows.train(model, steps);
      const seen = JSON.parse(await readFile(mark, 'utf8')) as Record<string, string>;
      expect(seen.PATH).toBe(process.env.PATH);
      expect(Object.keys(seen).filter((name) => /MURMUR|PG|TOKEN|KEY/.test(name))).toEqual([]);
      expect(JSON.stringify(seen)).not.toContain('password of');
    } finally {
      delete process.env.MURMURATION_PASSWORD;
      delete process.env.PGPASSWORD;
    }
  });
});
