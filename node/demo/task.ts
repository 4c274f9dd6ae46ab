// The task that `npm start` and the simulation run on MNIST, by preset. What each reaches: README.

import { type LayeredModel, modelLayout, type TaskDescription, taskDescription } from '../learn/index.ts';
import { chunkShapes } from '../protocol/index.ts';

/** The presets of the demonstration, the largest first, which `npm start` takes unless told otherwise. */
export const demoPresets = ['base', 'quick', 'tiny'] as const;
/** One of {@link demoPresets}. */
export type DemoPreset = (typeof demoPresets)[number];

/** The demonstration's options. */
export interface DemoChoice {
  readonly preset: DemoPreset;
  readonly rounds?: number;
  readonly selector?: TaskDescription['compression']['selector'];
  /** Largest share of the model that a round carries; the chunks follow from it. Without it: one chunk. */
  readonly density?: number;
  /** Turns local differential privacy on. */
  readonly privacy?: TaskDescription['privacy'];
}

/** Of the digits that validators hold out, the share that is mirrored. */
export const demoMirroredShare = 0.2;

/**
 * A seed whose run shows the left-handed trainer's story plainly; others differ in the rounds of its strikes.
 */
export const demoSeed = 2;

/** What is learnt with a preset: pictures, model, local training, and the server's step. */
interface Lesson {
  readonly side: 28 | 14 | 7;
  readonly model: LayeredModel;
  readonly training: TaskDescription['training'];
  /** With a server's step above 1, what all trainers agree on goes faster than their mean (README). */
  readonly eta: number;
}

const perceptron = (input: number, hidden: number): LayeredModel => ({
  input: [input],
  layers: [
    { type: 'dense', units: hidden, activation: 'relu' },
    { type: 'dense', units: 10, activation: 'linear' },
  ],
  loss: 'categorical',
});

/** Two convolutions in place of pooling, each over every other pixel, and two dense layers. */
const convolutional = (first: number, second: number, hidden: number): LayeredModel => ({
  input: [28, 28, 1],
  layers: [
    { type: 'conv2d', filters: first, kernel: 5, strides: 2, padding: 'valid', activation: 'relu' },
    { type: 'conv2d', filters: second, kernel: 5, strides: 2, padding: 'valid', activation: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: hidden, activation: 'relu' },
    { type: 'dense', units: 10, activation: 'linear' },
  ],
  loss: 'categorical',
});

/** Each model is so large that one chunk of its preset is at most a twentieth of it; a tenth with `tiny`. */
const lessons: Readonly<Record<DemoPreset, Lesson>> = {
  tiny: { side: 7, model: perceptron(49, 16), training: { steps: 40, batch: 32, rate: 0.2 }, eta: 1 },
  quick: { side: 28, model: perceptron(784, 32), training: { steps: 40, batch: 32, rate: 0.2 }, eta: 1 },
  base: {
    side: 28,
    model: convolutional(16, 32, 130),
    training: { steps: 40, batch: 32, rate: 0.3 },
    eta: 1.8,
  },
};

/** The demonstration's task. */
export function demoTask({
  preset,
  rounds = 8,
  selector = 'leader',
  density,
  privacy,
}: DemoChoice): TaskDescription {
  const { side, model, training, eta } = lessons[preset];
  const { coordinatesPerChunk } = chunkShapes[preset];
  const { size: parameters } = modelLayout(model);
  const carried = density === undefined ? 1 : Math.ceil((density * parameters) / coordinatesPerChunk);
  return taskDescription.parse({
    name: `handwritten digits, ${preset}`,
    preset,
    rounds,
    model,
    data: { kind: 'mnist', side },
    training,
    compression: {
      selector,
      chunks: carried,
      density: density ?? Math.min(1, (carried * coordinatesPerChunk) / parameters),
      // Coordinates may be twice as large as the root mean square that they are steered to.
      normBound: coordinatesPerChunk * 60 ** 2,
    },
    aggregation: { eta, scale: Math.round(0.003 * 2 ** 48), targetRms: 30 },
    privacy,
  });
}
