// `murmur model adapt` on a hospital's file: what it prints and writes, and that the other actions take the file.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroHash } from 'viem';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkOutputs } from '../../../node/cli/command/outputs.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { isGroup } from '../../../node/cli/command/verb.ts';
import { readModelFile, writeModelFile } from '../../../node/cli/files/model_file.ts';
import { describeError } from '../../../node/cli/output/fault.ts';
import { allVerbs } from '../../../node/cli/verbs/index.ts';
import { adaptModel } from '../../../node/cli/verbs/model/adapt.ts';
import { show } from '../../../node/cli/verbs/model/show.ts';
import { judge, predict } from '../../../node/cli/verbs/model/use.ts';
import { modelLayout, taskDescription } from '../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../node/protocol/index.ts';
import { clinicCsv, clinicTask } from '../learn/clinics.ts';

const reading = { absent: ['?'], dropFaulty: false, json: true, seed: 1 } as const;
let folder: string;
let model: string;
let data: { kind: 'csv'; file: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-adapt-'));
  model = join(folder, 'model.json');
  const description = taskDescription.parse(clinicTask(1));
  const layout = modelLayout(description.model);
  // A model that knows nothing: both classes are as likely for everybody.
  const zeros = new Float32Array(layout.size);
  const digest = digestOf(encodeModel(zeros));
  await writeModelFile(model, {
    origin: { chainId: 31337, marketplace: zeroHash, task: '1' },
    description,
    statistics: Object.fromEntries(
      [
        ['age', 60, 9],
        ['pressure', 135, 15],
        ['chol', 230, 40],
      ].map(([name, mean, deviation]) => [name, { mean: Number(mean), deviation: Number(deviation) }]),
    ),
    layout,
    lineage: { model: zeros, digest, first: digest, steps: [] },
  });
  data = { kind: 'csv', file: join(folder, 'site.csv') };
  await writeFile(data.file, clinicCsv('north', { shift: 6, rows: 120, missing: 0.1 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** What is printed. */
async function told(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  await work();
  return lines.join('\n');
}

describe('model adapt', () => {
  it('writes a model that is better on the site, and leaves its origin as it was', async () => {
    const out = join(folder, 'adapted.json');
    const result = JSON.parse(await told(() => adaptModel({ ...reading, model, data, blend: true, out })));
    expect(result.gain.logLoss.interval[1]).toBeLessThan(0);
    expect(result.adaptation).toMatchObject({ rows: 120 });
    const [before, after] = await Promise.all(
      [model, out].map((file) => readFile(file, 'utf8').then(JSON.parse)),
    );
    expect({ ...after, adaptation: undefined }).toEqual({ ...before, adaptation: undefined });
    expect(after.adaptation).toEqual(result.adaptation);
    const at = async (file: string) => JSON.parse(await told(() => judge({ ...reading, model: file, data })));
    expect((await at(out)).logLoss).toBeLessThan((await at(model)).logLoss - 0.1);
    expect(await told(() => show({ model: out, json: false }))).toMatch(
      /adapted to 120 rows of one site: [+-]\d\.\d{3} on the logit, blended with \d+ % of a model of the site's own/,
    );
  });

  it('moves predictions by its bias alone where no own model is asked for, and fits anew what was adapted', async () => {
    const [once, twice] = [join(folder, 'once.json'), join(folder, 'twice.json')];
    const fitTo = (from: string, out: string) =>
      told(() => adaptModel({ ...reading, model: from, data, blend: false, out }));
    await fitTo(model, once);
    await fitTo(once, twice);
    const { adaptation } = (await readModelFile(once)).file;
    expect((await readModelFile(twice)).file.adaptation).toEqual(adaptation);
    const lines = (await told(() => predict({ ...reading, model: once, data, json: false }))).split('\n');
    const chance = 1 / (1 + Math.exp(-adaptation!.bias));
    for (const line of lines.slice(1)) expect(line.split(',').at(-1)).toBe(chance.toFixed(6));
  });

  it('prints a line a figure', async () => {
    const out = join(folder, 'text.json');
    const text = await told(() => adaptModel({ ...reading, json: false, model, data, blend: false, out }));
    expect(text).toMatch(/^ {2}log loss +0\.\d{3} +0\.\d{3} +-0\.\d{3} \[-0\.\d{3}, [+-]0\.\d{3}\]$/m);
    expect(text).toMatch(/^ {2}AUC +0\.500 /m);
    expect(text.split('\n')).toHaveLength(8);
  });

  it('is not written over what it reads, and names too few rows with the file', async () => {
    const { model: verb } = allVerbs;
    if (!isGroup(verb!)) throw new Error('model has actions');
    const { flags } = verb.actions.adapt!;
    const settings = readFlags('murmur model adapt', flags, [
      ...['--model', model, '--data', `csv:${data.file}`, '--out', model],
    ]);
    expect(() => checkOutputs(flags, settings)).toThrow(/--out is .* which --model names too/);
    const few = join(folder, 'few.csv');
    await writeFile(few, clinicCsv('few', { shift: 0, rows: 12, missing: 0 }));
    const fault = await adaptModel({
      ...reading,
      model,
      data: { kind: 'csv', file: few },
      blend: false,
      out: join(folder, 'none.json'),
    }).then(() => undefined, describeError);
    expect(fault).toMatch(/there are 12 rows, but a bias is fitted to 20 at least/);
  });
});
