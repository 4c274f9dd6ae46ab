// `murmur model export` on a clinic's real rows: what onnxruntime makes of its file is what `model predict` prints.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeModelFile } from '../../../node/cli/files/model_file.ts';
import { exportModel } from '../../../node/cli/verbs/model/export.ts';
import { predict } from '../../../node/cli/verbs/model/use.ts';
import { modelLayout, seeded, taskDescription } from '../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../node/protocol/index.ts';
import { root } from '../../suites/suite.ts';
import { clinics } from '../learn/clinics.ts';
import { faultOf } from './fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
const path = join(folder, 'heart.json');
const description = taskDescription.parse(
  JSON.parse(readFileSync(join(root, 'examples/clinics/task.json'), 'utf8')),
);
const layout = modelLayout(description.model);
/** Not a first model: a single layer begins with zeros, by which every row has the same prediction. */
const random = seeded(1, 'parameters');
const model = Float32Array.from({ length: layout.size }, () => random.normal() / 2);
const digest = digestOf(encodeModel(model));
const origin = {
  chainId: 31337,
  marketplace: '0xabc',
  task: '3',
  description: digest,
  trainers: 4,
  validators: 2,
};
const scales = {
  age: [54, 9],
  trestbps: [132, 17.5],
  chol: [247, 51.2],
  thalach: [138, 25.9],
  oldpeak: [0.9, 1.1],
};

beforeAll(async () => {
  await writeModelFile(path, {
    origin,
    description,
    statistics: Object.fromEntries(
      Object.entries(scales).map(([name, [mean, deviation]]) => [
        name,
        { mean: mean!, deviation: deviation! },
      ]),
    ),
    layout,
    lineage: {
      model,
      digest,
      first: digest,
      steps: [
        { round: 1, outcome: 'accepted', model: digest, quality: 7512 },
        { round: 2, outcome: 'void', model: digest, quality: undefined },
      ],
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(String(line)));
  return () => vi.restoreAllMocks();
});

describe('model export', () => {
  it('gives an ONNX file that predicts every raw row as `model predict` does', async () => {
    const out = join(folder, 'heart.onnx');
    await exportModel({ model: path, format: 'onnx', out, json: true });
    const columns = description.data.kind === 'csv' ? description.data.columns.map(({ name }) => name) : [];
    expect(JSON.parse(printed[0]!)).toEqual({
      format: 'onnx',
      out,
      files: [out],
      digest,
      inputs: columns,
      outputs: ['label', 'probabilities'],
    });

    const csv = join(clinics, 'switzerland.csv');
    const scores = join(folder, 'scores.csv');
    const reading = { absent: [], dropFaulty: false };
    await predict({ model: path, data: { kind: 'csv', file: csv }, out: scores, json: false, ...reading });
    const [, ...expected] = tableOf(readFileSync(scores, 'utf8'));

    const [header, ...rows] = tableOf(readFileSync(csv, 'utf8'));
    const feeds = columns.map((name) => {
      const at = header!.indexOf(name);
      // All categories of this task are numbers.
      const numbers = rows.map((cells) => (cells[at] === '' ? Number.NaN : Number(cells[at])));
      return [name, new Tensor('float64', Float64Array.from(numbers), [rows.length, 1])] as const;
    });
    const session = await InferenceSession.create(readFileSync(out), { logSeverityLevel: 3 });
    const { label, probabilities } = await session.run(Object.fromEntries(feeds));
    await session.release();
    expect(expected.length).toBe(rows.length);
    expect(expected.length).toBeGreaterThan(100);
    const p = probabilities!.data as Float32Array;
    for (const [row, [, name, first, second]] of expected.entries()) {
      expect(label!.data[row]).toBe(name);
      expect(Math.abs(p[2 * row]! - Number(first))).toBeLessThan(2e-6);
      expect(Math.abs(p[2 * row + 1]! - Number(second))).toBeLessThan(2e-6);
    }
  });

  it('keeps where the model comes from, and its licence', async () => {
    const out = join(folder, 'heart.safetensors');
    await exportModel({ model: path, format: 'safetensors', out, licence: 'CC-BY-4.0', json: false });
    const file = readFileSync(out);
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString());
    expect(header.__metadata__).toMatchObject({
      chain_id: '31337',
      marketplace: '0xabc',
      task: '3',
      description_digest: digest,
      model_digest: digest,
      trainers: '4',
      validators: '2',
      rounds: '2',
      accepted_rounds: '1',
      accuracy_basis_points: '7512',
      license: 'CC-BY-4.0',
    });
    expect(printed[0]).toBe(`${out}: safetensors of ${digest}`);
  });

  it("names the weights of TensorFlow.js by their digest, so that another model's never stand in their place", async () => {
    const out = join(folder, 'model.json');
    await exportModel({ model: path, format: 'tfjs', out, json: false });
    const [weights] = JSON.parse(readFileSync(out, 'utf8')).weightsManifest[0].paths;
    expect(weights).toMatch(/^model\.[0-9a-f]{16}\.bin$/);
    expect(readdirSync(folder)).toContain(weights);
    expect(digestOf(readFileSync(join(folder, weights)))).toBe(digest);
    expect(digest.slice(2)).toContain(/\.([0-9a-f]+)\./.exec(weights)![1]!);
  });

  it("says of a program's model where its parameters are", async () => {
    const other = join(folder, 'program.json');
    const [weights, bias] = layout.weights;
    const model = {
      kind: 'program',
      files: [{ name: 'train.py', sha256: '0'.repeat(64) }],
      parameters: [weights, bias].map((each, at) => ({ name: `w${at}`, shape: each!.shape })),
    };
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const own = { ...file, description: { ...file.description, model } };
    writeFileSync(other, JSON.stringify(own));
    const out = join(folder, 'program.onnx');
    expect(await faultOf(exportModel({ model: other, format: 'onnx', out, json: false }))).toMatch(
      /is a program, but .* computes models of layers\. Take `parameters` of the model's own file/,
    );
  });

  it('refuses a model whose scale is not known before anything is written', async () => {
    const bare = join(folder, 'bare.json');
    writeFileSync(bare, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), statistics: {} }));
    const out = join(folder, 'bare.onnx');
    expect(await faultOf(exportModel({ model: bare, format: 'onnx', out, json: false }))).toMatch(
      /column age has no mean and deviation/,
    );
    expect(readdirSync(folder)).not.toContain('bare.onnx');
  });
});

/** Cells of a file without quotes. */
const tableOf = (text: string): string[][] =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
