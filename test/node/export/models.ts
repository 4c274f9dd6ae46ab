// Trained models for tests of exports: every kind of column, of missing value, of layer and of loss.
import type { TrainedModel } from '../../../node/export/index.ts';
import type { LayeredTask } from '../../../node/export/model.ts';
import { layersOf, modelLayout, seeded, taskDescription } from '../../../node/learn/index.ts';

type Layers = LayeredTask['model']['layers'];

/** A task around a model and its data. */
function task(data: unknown, model: unknown): LayeredTask {
  const description = taskDescription.parse({
    name: 'exported',
    preset: 'quick',
    rounds: 1,
    model,
    data,
    training: { steps: 1, batch: 1, rate: 0.1 },
    compression: { selector: 'probe', chunks: 32, density: 1, normBound: 1 },
    aggregation: { eta: 1, scale: 1, targetRms: 30 },
  });
  return { ...description, model: layersOf(description.model, 'the test') };
}

/** Columns that mix numbers and categories, with every rule for what is missing. Rows are 19 wide. */
export const everyColumn = {
  kind: 'csv',
  columns: [
    { type: 'categorical', name: 'sex', values: ['m', 'f'], missing: 'category', absent: ['?'] },
    { type: 'numeric', name: 'age', range: [0, 120], missing: 'mean', absent: ['?', '-9', '999'] },
    { type: 'numeric', name: 'label', mean: 100.25, deviation: 3.7, missing: 'zero' },
    {
      type: 'categorical',
      name: 'stage',
      values: ['1', '2.0', '3e0'],
      missing: 'category',
      absent: ['9', '?'],
    },
    { type: 'numeric', name: 'time of day', mean: 1.7e9, deviation: 86_400 },
    {
      type: 'categorical',
      name: 'blood',
      values: ['A', 'B', 'AB', '0'],
      missing: 'zero',
      absent: ['unbekannt'],
    },
    // Codes beyond what float32 tells apart.
    { type: 'categorical', name: 'concept', values: ['37311061', '37311062'], missing: 'zero' },
    { type: 'categorical', name: 'größe', values: ['klein', 'groß, sehr'] },
    { type: 'numeric', name: 'dose', range: [0, 10], mean: 5, deviation: 2, missing: 'zero', absent: ['0'] },
  ],
  target: { name: 'ill', classes: [['no'], ['yes'], ['perhaps']] },
} as const;

/** What the federation would have computed. */
export const everyStatistic = { age: { mean: 54.123456789, deviation: 9.87654321 } };

const hidden: Layers = [
  { type: 'dense', units: 7, activation: 'tanh' },
  { type: 'dense', units: 6, activation: 'elu' },
  { type: 'dense', units: 5, activation: 'sigmoid' },
];

/** By what they show: tasks of every form that a model has. */
export const tasks = {
  everyColumn: task(everyColumn, {
    input: [19],
    layers: [...hidden, { type: 'dense', units: 3, activation: 'linear' }],
    loss: 'categorical',
  }),
  numbersAlone: task(
    {
      kind: 'csv',
      columns: [{ type: 'numeric', name: 'x', mean: 1, deviation: 2 }],
      target: { name: 'y', threshold: 0.5 },
    },
    { input: [1], layers: [{ type: 'dense', units: 1, activation: 'linear' }], loss: 'binary' },
  ),
  categoriesAlone: task(
    {
      kind: 'csv',
      columns: [{ type: 'categorical', name: 'x', values: ['a', 'b'] }],
      target: { name: 'y', classes: [['no'], ['yes']] },
    },
    {
      input: [2],
      layers: [{ type: 'flatten' }, { type: 'dense', units: 1, activation: 'linear' }],
      loss: 'binary',
    },
  ),
  twoLogits: task(
    {
      kind: 'csv',
      columns: [{ type: 'categorical', name: 'x', values: ['a', 'b'] }],
      target: { name: 'y', classes: [['no'], ['yes']] },
    },
    {
      input: [1, 2, 1],
      layers: [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'linear' }],
      loss: 'categorical',
    },
  ),
  denseDigits: task(
    { kind: 'mnist', side: 7 },
    {
      input: [49],
      layers: [
        { type: 'dense', units: 16, activation: 'relu' },
        { type: 'dense', units: 10, activation: 'linear' },
      ],
      loss: 'categorical',
    },
  ),
  /** Windows of odd and even sides, with strides that leave an odd number of zeros around, and rows of pictures. */
  convolutions: task(
    { kind: 'mnist', side: 28 },
    {
      input: [28, 28, 1],
      layers: [
        { type: 'dense', units: 2, activation: 'tanh' },
        { type: 'conv2d', filters: 4, kernel: 4, strides: 3, padding: 'same', activation: 'relu' },
        { type: 'conv2d', filters: 5, kernel: 3, padding: 'valid', activation: 'elu' },
        { type: 'maxPooling2d', pool: 3, strides: 2 },
        { type: 'dense', units: 3, activation: 'sigmoid' },
        { type: 'conv2d', filters: 3, kernel: 2, padding: 'same', activation: 'linear' },
        { type: 'flatten' },
        { type: 'dense', units: 10, activation: 'linear' },
      ],
      loss: 'categorical',
    },
  ),
} as const;

/** A model of a task with parameters from a seed, biases too. */
export function trained(description: LayeredTask, seed = 1): TrainedModel {
  const random = seeded(seed, 'parameters');
  const { size } = modelLayout(description.model);
  return {
    description,
    statistics: everyStatistic,
    parameters: Float32Array.from({ length: size }, () => random.normal() / 1.5),
    lineage: { task: '7', model_digest: '0xabc', license: 'CC-BY-4.0' },
    producer: { name: 'murmuration', version: '1.2.3' },
  };
}
