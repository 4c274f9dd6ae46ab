// Local training: finds a round's change on a trainer's own data.
import type { Dataset } from './data/dataset.ts';
import type { Network } from './network.ts';
import { seeded } from './random.ts';
import type { TaskDescription } from './task.ts';

/** What training needs. */
export interface TrainingParts {
  readonly task: TaskDescription;
  readonly network: Network;
  readonly data: Dataset;
  /** Seeds the batches, so that a round repeated after a crash finds the same change. */
  readonly seed: number | string;
}

/**
 * Trains from `model` in round `round` (from 0) and returns the change that it found, of the model's size.
 */
export type Training = (model: Float32Array, round: number) => Float32Array;

/** Makes a trainer's training from its parts. */
export type TrainingFactory = (parts: TrainingParts) => Training;

/** The training that the task describes: stochastic gradient descent. */
export const localTraining: TrainingFactory =
  ({ task, network, data, seed }) =>
  (model, round) =>
    network.train(model, data, { ...task.training, random: seeded(seed, 'batches', round) });
