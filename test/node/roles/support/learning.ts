// The task of the tests' learners: twelve classes from eight numbers, on the smallest preset.
import { type Dataset, type TaskDescription, taskDescription } from '../../../../node/learn/index.ts';

/** Their task. */
export const task: TaskDescription = taskDescription.parse({
  name: 'test',
  preset: 'tiny',
  rounds: 4,
  model: { input: [8], layers: [{ type: 'dense', units: 12, activation: 'linear' }], loss: 'categorical' },
  data: {
    kind: 'csv',
    columns: Array.from({ length: 8 }, (_, i) => ({ type: 'numeric', name: `x${i}`, mean: 0, deviation: 1 })),
    target: { name: 'y', classes: Array.from({ length: 12 }, (_, i) => [`${i}`]) },
  },
  training: { steps: 3, batch: 8, rate: 0.1 },
  compression: { selector: 'leader', chunks: 1, density: 0.9, normBound: 96 * 3600 },
  aggregation: { eta: 1, scale: 2 ** 36, targetRms: 30 },
});

/** Two dozen rows for it. */
export const data: Dataset = {
  count: 24,
  shape: [8],
  inputs: Float32Array.from({ length: 24 * 8 }, (_, i) => ((i * 37) % 11) / 11),
  labels: Uint16Array.from({ length: 24 }, (_, i) => i % 12),
  classes: 12,
};
