// What a command writes: never over what it reads, whole, and told where it replaces something.
import { spawnSync } from 'node:child_process';
import { linkSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutputs } from '../../../node/cli/command/outputs.ts';
import { data } from '../../../node/cli/command/rules.ts';
import { writeOutput } from '../../../node/cli/output/file.ts';
import { model } from '../../../node/cli/verbs/model/help.ts';

let folder: string;
let patients: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outputs-'));
  patients = join(folder, 'patients.csv');
  writeFileSync(patients, 'x\n1\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an output', () => {
  const { flags } = model.actions.predict!;
  const check = (out: string) =>
    checkOutputs(flags, { model: join(folder, 'heart.json'), data: data.read(`csv:${patients}`), out });

  it('is never what the command reads, by whatever path or link', () => {
    const [soft, hard] = [join(folder, 'soft.csv'), join(folder, 'hard.csv')];
    symlinkSync(patients, soft);
    linkSync(patients, hard);
    for (const out of [patients, soft, hard])
      expect(() => check(out)).toThrow(`--out is ${out}, which --data names too`);
    // Of a file that is not there yet the name alone tells.
    expect(() => check(join(folder, 'heart.json'))).toThrow('which --model names too');
  });

  it('may be another file, which is there or not', () => {
    const out = join(folder, 'out.csv');
    check(out);
    writeFileSync(out, 'before');
    check(out);
    checkOutputs(flags, { model: out, data: data.read('mnist:1/2') });
  });

  it('says that it replaces a file, and keeps a link', async () => {
    const [file, link] = [join(folder, 'out.csv'), join(folder, 'link.csv')];
    expect(await writeOutput(file, 'first')).toBe(file);
    symlinkSync(file, link);
    expect(await writeOutput(link, 'second')).toBe(`${link} (in place of the file that was there)`);
    expect(readFileSync(file, 'utf8')).toBe('second');
  });

  it.skipIf(process.platform === 'win32')('goes into a pipe that has its name', async () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeOutput(pipe, 'rows')]);
    expect(read).toBe('rows');
    expect(statSync(pipe).isFIFO()).toBe(true);
  });
});
