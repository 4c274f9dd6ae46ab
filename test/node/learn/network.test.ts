import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Dataset,
  evaluate,
  initialModel,
  modelLayout,
  Network,
  seeded,
  startBackend,
} from '../../../node/learn/index.ts';
import { type LayeredModel, layeredModel } from '../../../node/learn/model_spec.ts';

const dense = layeredModel.parse({
  input: [16],
  layers: [
    { type: 'dense', units: 8, activation: 'relu' },
    { type: 'dense', units: 2, activation: 'linear' },
  ],
  loss: 'categorical',
});
const convolutional = layeredModel.parse({
  input: [4, 4, 1],
  layers: [
    { type: 'conv2d', filters: 4, kernel: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', pool: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 2, activation: 'linear' },
  ],
  loss: 'categorical',
});
const binary = layeredModel.parse({
  input: [16],
  layers: [{ type: 'dense', units: 1, activation: 'linear' }],
  loss: 'binary',
});

const conv = (padding: 'same' | 'valid', strides: number): LayeredModel['layers'] => [
  { type: 'conv2d', filters: 3, kernel: 3, strides, padding, activation: 'relu' },
];

/** Two classes: brighter on the left or on the right half. */
function sides(count: number, seed: number): Dataset {
  const random = seeded(seed, 'sides');
  const labels = Uint16Array.from({ length: count }, () => random.below(2));
  const inputs = new Float32Array(count * 16);
  for (let n = 0; n < count; n++)
    for (let i = 0; i < 16; i++)
      inputs[n * 16 + i] = random.uniform() + ((i % 4 < 2 ? 0 : 1) === labels[n] ? 0.6 : 0);
  return { count, shape: [16], inputs, labels, classes: 2 };
}

const steps = { steps: 60, batch: 16, rate: 0.2 };

beforeAll(() => startBackend('wasm'));

/** Whether the optional native engine is installed. */
const native = (() => {
  try {
    return createRequire(import.meta.url).resolve('@tensorflow/tfjs-node') !== '';
  } catch {
    return false;
  }
})();

describe('the engine', () => {
  test('may be started by several roles at once', async () => {
    const lines = await Promise.all([startBackend('wasm'), startBackend('wasm'), startBackend()]);
    expect(new Set(lines)).toEqual(new Set(['TensorFlow.js 4.22.0, backend wasm']));
  });
  test.skipIf(native)(
    'is never replaced silently: one that is not installed is an error with its mend',
    async () => {
      await expect(startBackend('node')).rejects.toMatchObject({
        code: 'learning',
        message: expect.stringContaining('@tensorflow/tfjs-node does not load'),
        mend: expect.stringMatching(/^Install it/),
      });
      expect(tf.getBackend()).toBe('wasm');
    },
  );
});

describe('a network', () => {
  test('lays its weights out in the order of the layers', () => {
    const network = new Network(convolutional);
    expect(network.size).toBe(3 * 3 * 4 + 4 + 16 * 2 + 2);
    expect(network.weights.map((w) => w.offset)).toEqual([0, 36, 40, 72]);
    const initial = network.initial(1);
    expect(initial.subarray(36, 40)).toEqual(new Float32Array(4));
    expect(initial.subarray(0, 36).every((x) => x !== 0)).toBe(true);
    network.dispose();
  });

  test('of a single layer begins with zeros, whatever the seed, behind pools too', () => {
    const pooled = layeredModel.parse({
      input: [4, 4, 1],
      layers: [{ type: 'maxPooling2d', pool: 2 }, { type: 'flatten' }, ...dense.layers.slice(-1)],
      loss: 'categorical',
    });
    for (const spec of [binary, pooled])
      for (const seed of [1, 2])
        expect(initialModel(modelLayout(spec), seed)).toEqual(new Float32Array(modelLayout(spec).size));
  });

  test('of hidden layers begins by chance: from zeros they would stay alike', () => {
    const network = new Network(dense);
    const data = sides(200, 1);
    expect(network.initial(1)).not.toEqual(network.initial(2));
    const still = network.train(new Float32Array(network.size), data, { ...steps, random: seeded(1) });
    const [first] = network.weights;
    expect(still.subarray(0, first!.size).every((x) => x === 0)).toBe(true);
    const moved = network.train(network.initial(1), data, { ...steps, random: seeded(1) });
    expect(moved.subarray(0, first!.size).some((x) => x !== 0)).toBe(true);
    network.dispose();
  });

  test.each<[string, LayeredModel['layers']]>([
    ['convolutions that keep and that lose the edge', conv('same', 2).concat(conv('valid', 3))],
    ['pools that overlap', [{ type: 'maxPooling2d', pool: 3, strides: 2 }]],
    ['pools side by side, of a picture that they do not fill', [{ type: 'maxPooling2d', pool: 4 }]],
    ['a dense layer over channels', [{ type: 'dense', units: 3, activation: 'tanh' }]],
    [
      'activations one after the other',
      (['sigmoid', 'tanh', 'elu', 'relu'] as const).map((activation) => ({
        type: 'dense',
        units: 3,
        activation,
      })),
    ],
  ])('has the gradient that finite differences have: %s', (_, first) => {
    const spec = layeredModel.parse({
      input: [11, 9, 2],
      layers: [...first, { type: 'flatten' }, { type: 'dense', units: 4, activation: 'linear' }],
      loss: 'categorical',
    });
    const random = seeded(5, 'pictures');
    const data: Dataset = {
      count: 20,
      shape: [11, 9, 2],
      inputs: Float32Array.from({ length: 20 * 11 * 9 * 2 }, () => random.normal()),
      labels: Uint16Array.from({ length: 20 }, () => random.below(4)),
      classes: 4,
    };
    const network = new Network(spec);
    const at = network.initial(4);
    const { gradient } = network.gradient(at, data);
    // Of each weight the coordinate that moves the loss most: small ones drown in rounding.
    for (const { offset, size } of network.weights) {
      const own = gradient.subarray(offset, offset + size);
      const i = offset + own.reduce((best, g, k) => (Math.abs(g) > Math.abs(own[best]!) ? k : best), 0);
      const loss = (shift: number) =>
        network.gradient(
          at.map((x, k) => (k === i ? x + shift : x)),
          data,
        ).loss;
      const slope = (loss(0.002) - loss(-0.002)) / 0.004;
      expect(Math.abs(slope - gradient[i]!)).toBeLessThan(0.02 * Math.abs(slope) + 0.0005);
    }
    network.dispose();
  });

  test.each<[string, LayeredModel]>([
    ['dense', dense],
    ['convolutional', convolutional],
    ['binary', binary],
  ])('%s: trains, the same way twice, and leaves no tensor behind', (_, spec) => {
    const network = new Network(spec);
    const data = sides(200, 1);
    const test = sides(200, 2);
    const start = network.initial(1);
    const tensors = tf.memory().numTensors;
    const change = network.train(start, data, { ...steps, random: seeded(1, 'batches') });
    expect(network.train(start, data, { ...steps, random: seeded(1, 'batches') })).toEqual(change);
    expect(network.train(start, data, { ...steps, random: seeded(2, 'batches') })).not.toEqual(change);
    const trained = start.map((x, i) => x + change[i]!);
    const before = evaluate(network, start, test);
    const after = evaluate(network, trained, test);
    expect(after.accuracy).toBeGreaterThan(0.85);
    expect(after.logLoss).toBeLessThan(before.logLoss);
    expect(tf.memory().numTensors).toBe(tensors);
    network.dispose();
  });

  test('has the gradient that finite differences have', () => {
    const network = new Network(dense);
    const data = sides(600, 3);
    const at = network.initial(4);
    const { gradient } = network.gradient(at, data);
    for (const i of [3, 40, 130, network.size - 1]) {
      const loss = (shift: number) => {
        const moved = at.slice();
        moved[i]! += shift;
        return network.gradient(moved, data).loss;
      };
      expect((loss(0.002) - loss(-0.002)) / 0.004).toBeCloseTo(gradient[i]!, 2);
    }
    network.dispose();
  });

  test('says what is wrong', () => {
    const network = new Network(dense);
    const data = sides(4, 1);
    expect(() => network.train(new Float32Array(3), data, { ...steps, random: seeded(1) })).toThrow(
      /3 parameters given/,
    );
    expect(() => network.gradient(network.initial(1), { ...data, shape: [8] })).toThrow(/shape \[8\]/);
    const wild = { ...steps, rate: 1e30 };
    expect(() => network.train(network.initial(1), data, { ...wild, random: seeded(1) })).toThrow(/diverged/);
    network.dispose();
  });
});

describe('a layout', () => {
  const pictures: LayeredModel['layers'] = [
    { type: 'conv2d', filters: 2, kernel: 3, strides: 1, padding: 'valid', activation: 'relu' },
  ];
  const logits: LayeredModel['layers'] = [{ type: 'dense', units: 2, activation: 'linear' }];

  test.each<[string, number[], LayeredModel['layers'], RegExp]>([
    [
      'a convolution over a row',
      [8],
      [...pictures, ...logits],
      /layer 0 is conv2d and gets \[8\], but it takes/,
    ],
    [
      'a window beyond the picture',
      [2, 5, 1],
      [...pictures, ...logits],
      /of 3 x 3 and gets \[2 x 5 x 1\], but a window/,
    ],
    [
      'a pool beyond it',
      [5, 5, 1],
      [...pictures, { type: 'maxPooling2d', pool: 4 }, ...logits],
      /layer 1 is maxPooling2d of 4 x 4/,
    ],
    [
      'logits of each place',
      [5, 5, 1],
      [...pictures, ...logits],
      /gives \[3 x 3 x 2\], but logits are one row/,
    ],
    [
      'too many parameters',
      [65_536],
      [{ type: 'dense', units: 65_536, activation: 'relu' }, ...logits],
      /at most 16777216/,
    ],
  ])('is refused: %s', (_, input, layers, message) => {
    expect(() => modelLayout({ input, layers })).toThrow(message);
    expect(() => new Network({ input, layers, loss: 'categorical' })).toThrow(message);
  });
});

describe('a model description', () => {
  const parse = (change: object) => layeredModel.safeParse({ ...dense, ...change });
  test('is refused where it cannot be a classifier', () => {
    expect(parse({ loss: 'binary' }).error?.message).toMatch(/1 unit/);
    expect(parse({ layers: [{ type: 'flatten' }] }).error?.message).toMatch(/logits/);
    expect(parse({ layers: [{ type: 'dense', units: 2, activation: 'relu' }] }).error?.message).toMatch(
      /logits/,
    );
    expect(parse({ layers: [{ type: 'dance', units: 2 }] }).success).toBe(false);
    expect(parse({ input: [] }).success).toBe(false);
  });
});
