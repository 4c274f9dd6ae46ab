// Local training: finds a round's change on a party's own data.
import type { Dataset } from './data/dataset.ts';
import type { ModelLayout } from './layout.ts';
import type { Network } from './network.ts';
import { type Random, seeded } from './random.ts';
import type { TaskDescription } from './task.ts';

/**
 * Trains from `model` in round `round` (from 0); resolves to the change that it found, of the model's size.
 * Rejects with the signal's reason where that comes first.
 */
export type Training = (model: Float32Array, round: number, signal?: AbortSignal) => Promise<Float32Array>;

/** Whose training it is. */
export interface TrainingSubject {
  readonly task: TaskDescription;
  readonly layout: ModelLayout;
  /** Of the party. */
  readonly seed: number | string;
}

/** Another training in the place of an honest one, which it may use. */
export type TrainingDisguise = (honest: Training, subject: TrainingSubject) => Training;

/** The batches of a round, so that a round repeated after a crash finds the same change. */
export const batchesOf = (seed: number | string, round: number): Random => seeded(seed, 'batches', round);

/** What training in this thread needs. */
export interface LocalTrainingParts {
  readonly task: TaskDescription;
  readonly network: Network;
  readonly data: Dataset;
  readonly seed: number | string;
}

/** The training that the task describes, in this thread: stochastic gradient descent. */
export const localTraining =
  ({ task, network, data, seed }: LocalTrainingParts) =>
  (model: Float32Array, round: number): Float32Array =>
    network.train(model, data, { ...task.training, random: batchesOf(seed, round) });

/** A training, here or elsewhere, by what it gives: a change, or the promise of one. */
type Finding<Change> = (model: Float32Array, round: number, signal?: AbortSignal) => Change;

/** Trains once for a model in a round, however often it is asked; a training that failed is tried again. */
export function onceARound<Change extends Float32Array | Promise<Float32Array>>(
  training: Finding<Change>,
): Finding<Change> {
  let last: { readonly model: Float32Array; readonly round: number; readonly change: Change } | undefined;
  return (model, round, signal) => {
    // By content: a role decodes the model anew at every look.
    if (last?.round === round && sameModel(last.model, model)) return last.change;
    const change = training(model, round, signal);
    const found = { model, round, change };
    last = found;
    if (change instanceof Promise)
      change.catch(() => {
        if (last === found) last = undefined;
      });
    return change;
  };
}

/** Whether two models are one, bit for bit. */
export const sameModel = (a: Float32Array, b: Float32Array): boolean => bytesOf(a).equals(bytesOf(b));

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
