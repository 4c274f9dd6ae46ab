// What onnxruntime makes of an export is what `murmur` predicts, row for row.
import { spawnSync } from 'node:child_process';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnx, safetensors, type TrainedModel, tfjs } from '../../../node/export/index.ts';
import {
  classProbabilities,
  type Dataset,
  encodeExamined,
  examine,
  loadMnist,
  Network,
  numberOf,
  parseCsv,
  seeded,
  shrink,
  startBackend,
  take,
} from '../../../node/learn/index.ts';
import { tasks, trained } from './models.ts';
import { readOnnx } from './read_onnx.ts';

/** Column by column, as somebody with a table would hand them in. */
type Cells = Readonly<Record<string, readonly (number | string)[]>>;

interface Found {
  readonly labels: readonly string[];
  readonly probabilities: Float32Array;
}

/** Runs an exported model as its users do. */
async function run(model: TrainedModel, feeds: Readonly<Record<string, Tensor>>): Promise<Found> {
  const { bytes, inputs, outputs } = onnx(model);
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  expect(session.inputNames).toEqual(inputs);
  expect(session.outputNames).toEqual(outputs);
  const [label, probabilities] = outputs as [string, string];
  const found = await session.run(feeds);
  await session.release();
  return {
    labels: found[label]!.data as unknown as string[],
    probabilities: found[probabilities]!.data as Float32Array,
  };
}

const feedsOf = (cells: Cells): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(cells).map(([name, values]) => [
      name,
      typeof values[0] === 'number'
        ? new Tensor('float64', Float64Array.from(values as number[]), [values.length, 1])
        : new Tensor('string', values as string[], [values.length, 1]),
    ]),
  );

/** The product's own probabilities, one a class. */
function own({ description, parameters, adaptation }: TrainedModel, data: Dataset): number[] {
  const network = new Network(description.model);
  const found = classProbabilities(network, parameters, { data, adaptation });
  network.dispose();
  return [...found];
}

/** The largest difference. */
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
};

const check =
  'import base64, sys, onnx; onnx.checker.check_model(onnx.load_from_string(base64.b64decode(sys.stdin.read())), full_check=True)';
/** Whether Python has ONNX' own checker, of a version that knows the files' versions. */
const checker =
  spawnSync('python3', ['-c', 'import onnx, sys; sys.exit(onnx.IR_VERSION < 9)'], { timeout: 60_000 })
    .status === 0;

/** A kernel of [filters, channels, height, width] as [height, width, channels, filters]. */
function channelsLast([filters, channels, height, width]: readonly number[], values: Float32Array): number[] {
  const out: number[] = [];
  for (let y = 0; y < height!; y++)
    for (let x = 0; x < width!; x++)
      for (let channel = 0; channel < channels!; channel++)
        for (let filter = 0; filter < filters!; filter++)
          out.push(values[((filter * channels! + channel) * height! + y) * width! + x]!);
  return out;
}

/** Float32 sums in another order. */
const rounding = 2e-6;

beforeAll(() => startBackend('wasm'));

describe('a table in onnxruntime', () => {
  const { everyColumn: description } = tasks;
  const model = trained(description);

  /** Cells as a file has them. */
  const choices = new Map<string, readonly string[]>([
    ['sex', ['m', 'f', '', '?']],
    ['age', ['61', '33.5', '-3', '140', '', '?', '-9', '999.0']],
    ['label', ['100', '97.125', '', '9.2e1']],
    ['stage', ['1', '2', '3', '3.00', '', '9', '?']],
    ['time of day', ['1700000001', '1699999999.5', '1700090000', '0']],
    ['blood', ['A', 'B', 'AB', '0', '0.0', '', 'unbekannt']],
    ['concept', ['37311061', '37311062', '']],
    ['größe', ['klein', 'groß, sehr']],
    ['dose', ['0', '0.0', '3', '11', '', '-2']],
  ]);
  const columns = [...choices.keys()];
  /** Columns whose categories are all numbers take numbers. */
  const numbers = ['age', 'label', 'stage', 'time of day', 'concept', 'dose'];

  function table(count: number) {
    const random = seeded(3, 'rows');
    const rows = Array.from({ length: count }, (_, row) =>
      columns.map((name) => {
        const texts = choices.get(name)!;
        // Each cell stands somewhere for sure.
        return row < 8 ? texts[row % texts.length]! : texts[random.below(texts.length)]!;
      }),
    );
    const text = [columns, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
    const cells: Cells = Object.fromEntries(
      columns.map((name, at) => [
        name,
        rows.map((row) => (numbers.includes(name) ? (numberOf(row[at]!) ?? Number.NaN) : row[at]!)),
      ]),
    );
    return { text, cells };
  }

  it('gives the probabilities and labels that the product gives, with every rule for what is missing', async () => {
    const { text, cells } = table(300);
    if (description.data.kind !== 'csv') throw new Error('a table');
    const limits = { maxRows: 1000, maxBytes: 1e6, maxColumns: 100 };
    // Ranges are clipped in more cells than a site's file may have.
    const spec = { ...description.data, maxClipped: 1 };
    const read = examine(parseCsv(Buffer.from(text), limits), spec, { labelled: false });
    expect(read.faults).toEqual([]);
    const expected = own(model, encodeExamined(read, model.statistics));
    const { labels, probabilities } = await run(model, feedsOf(cells));
    expect(apart(probabilities, expected)).toBeLessThan(rounding);
    const names = ['no', 'yes', 'perhaps'];
    const best = Array.from({ length: 300 }, (_, row) => {
      const own = expected.slice(3 * row, 3 * row + 3);
      return names[own.indexOf(Math.max(...own))];
    });
    expect(labels).toEqual(best);
    expect(new Set(labels).size).toBeGreaterThan(1);
  });

  it('gives no label and NaN for rows that the product refuses, and leaves their neighbours alone', async () => {
    const { cells } = table(1);
    const wrong: readonly (readonly [string, readonly (number | string)[]])[] = [
      ['sex', ['x', 'M', ' m']],
      ['age', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
      ['time of day', [Number.NaN]],
      ['stage', [4, Number.POSITIVE_INFINITY]],
      ['concept', [37311063]],
      ['größe', ['', '?']],
    ];
    const faults = wrong.flatMap(([name, values]) => values.map((value) => [name, value] as const));
    const rows = [undefined, ...faults, undefined];
    const asked: Cells = Object.fromEntries(
      columns.map((name) => [name, rows.map((fault) => (fault?.[0] === name ? fault[1] : cells[name]![0]!))]),
    );
    const { labels, probabilities } = await run(model, feedsOf(asked));
    for (const [row, fault] of rows.entries()) {
      const of = [...probabilities.subarray(3 * row, 3 * row + 3)];
      expect([labels[row] === '', of.every(Number.isNaN)], `${fault}`).toEqual([!!fault, !!fault]);
    }
    expect(labels.at(-1)).toBe(labels[0]);
  });

  it('keeps the names of columns, whatever they are', () => {
    expect(onnx(model).inputs).toEqual(columns);
    expect(onnx(model).outputs).toEqual(['label_', 'probabilities']);
  });

  it('names the column whose scale nobody gives', () => {
    expect(() => onnx({ ...model, statistics: {} })).toThrow('column age has no mean and deviation');
  });

  it.each([
    ['numbers alone', tasks.numbersAlone, { x: [0, 1, 1.5] }, 'x\n0\n1\n1.5\n', ['<=0.5', '>0.5']],
    ['categories alone', tasks.categoriesAlone, { x: ['a', 'b', 'a'] }, 'x\na\nb\na\n', ['no', 'yes']],
  ] as const)('takes %s, and one logit for two classes', async (_, description, cells, text, names) => {
    const model = trained(description);
    if (description.data.kind !== 'csv') throw new Error('a table');
    const limits = { maxRows: 10, maxBytes: 100, maxColumns: 1 };
    const read = examine(parseCsv(Buffer.from(text), limits), description.data, { labelled: false });
    const expected = own(model, encodeExamined(read));
    const { labels, probabilities } = await run(model, feedsOf(cells));
    expect(apart(probabilities, expected)).toBeLessThan(rounding);
    expect(labels).toEqual([0, 1, 2].map((row) => names[expected[2 * row + 1]! > 0.5 ? 1 : 0]));
  });
});

describe('a model that a site adapted, in onnxruntime', () => {
  const text = 'x\na\nb\n';
  const cells = { x: ['a', 'b'] };
  const weights = [0.75, -1.5, 0.3];

  it.each([
    ['one logit, a bias', tasks.categoriesAlone, { bias: -1.25 }],
    ['one logit, a blend', tasks.categoriesAlone, { bias: 0.5, own: { share: 0.3, weights } }],
    ['two logits, a bias', tasks.twoLogits, { bias: -1.25 }],
    ['two logits of pictures, a blend', tasks.twoLogits, { bias: 0.5, own: { share: 0.3, weights } }],
  ])('predicts as it does at that site: %s', async (_, description, adaptation) => {
    const model = { ...trained(description), adaptation };
    if (description.data.kind !== 'csv') throw new Error('a table');
    const limits = { maxRows: 10, maxBytes: 100, maxColumns: 1 };
    const read = examine(parseCsv(Buffer.from(text), limits), description.data, { labelled: false });
    const expected = own(model, encodeExamined(read));
    const plain = own({ ...model, adaptation: undefined }, encodeExamined(read));
    expect(apart(plain, expected)).toBeGreaterThan(0.01);
    const { probabilities } = await run(model, feedsOf(cells));
    expect(apart(probabilities, expected)).toBeLessThan(rounding);
  });

  it('is refused where the adaptation is of another model', () => {
    const model = trained(tasks.categoriesAlone);
    const other = { bias: 0, own: { share: 0.5, weights: [1, 2] } };
    expect(() => onnx({ ...model, adaptation: other })).toThrow('2 weights, but 2 inputs and a bias are 3');
    expect(() => onnx({ ...trained(tasks.everyColumn), adaptation: { bias: 1 } })).toThrow('3 classes');
  });

  it('is refused by forms that hold layers alone', () => {
    const model = { ...trained(tasks.categoriesAlone), adaptation: { bias: 1 } };
    expect(() => safetensors(model)).toThrow('adapted to one site, but safetensors holds layers alone');
    expect(() => tfjs(model, 'weights.bin')).toThrow('adapted to one site, but tfjs holds layers alone');
  });
});

describe('digits in onnxruntime', () => {
  it.each([
    ['dense layers', tasks.denseDigits, 7],
    ['convolutions and pooling', tasks.convolutions, 28],
  ] as const)('%s give the probabilities that the product gives', async (_, description, side) => {
    const model = trained(description);
    const random = seeded(5, 'digits');
    const all = await loadMnist();
    const rows = Array.from({ length: 60 }, () => random.below(all.count));
    const data = shrink(take(all, rows), side);
    const feed = new Tensor('float32', data.inputs, [60, ...description.model.input]);
    const { labels, probabilities } = await run(model, { pixels: feed });
    const expected = own(model, data);
    expect(apart(probabilities, expected)).toBeLessThan(rounding);
    for (const [row, label] of labels.entries()) {
      const own = expected.slice(10 * row, 10 * row + 10);
      expect(own[Number(label)]).toBeCloseTo(Math.max(...own), 5);
    }
  });
});

describe('an ONNX file', () => {
  const models = Object.entries(tasks).map(([name, description]) => [name, trained(description)] as const);

  it('states its versions, its producer and its lineage', () => {
    const { ir, opsets, producer, metadata } = readOnnx(onnx(models[0]![1]).bytes);
    expect({ ir, opsets, producer }).toEqual({
      ir: 9,
      opsets: { '': 17, 'ai.onnx.ml': 4 },
      producer: 'murmuration 1.2.3',
    });
    expect(metadata).toEqual(models[0]![1].lineage);
  });

  it.each(models)('has the parameters of %s bit for bit', (_, model) => {
    const tensors = readOnnx(onnx(model).bytes).tensors;
    const found = [...tensors]
      .filter(([name]) => /^layers\.\d+\.(kernel|bias)$/.test(name))
      .flatMap(([name, { shape, raw }]) => {
        const values = new Float32Array(raw.slice().buffer);
        return name.endsWith('kernel') && shape.length === 4 ? channelsLast(shape, values) : [...values];
      });
    expect(Float32Array.from(found)).toEqual(model.parameters);
  });

  it.skipIf(!checker)("is well-formed to ONNX' own checker (Python's package onnx, 1.15 or later)", () => {
    for (const [name, model] of models) {
      const { status, stderr } = spawnSync('python3', ['-c', check], {
        input: Buffer.from(onnx(model).bytes).toString('base64'),
        encoding: 'utf8',
      });
      expect(status, `${name}: ${stderr}`).toBe(0);
    }
  });
});
