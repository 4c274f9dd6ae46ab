/** Learning: a task's model, data, local training and evaluation, and both roles' pure part of a round. */
export { type BackendName, backends, startBackend } from './backend.ts';
export { type Behaviour, behaviours } from './behaviour.ts';
export { checkDataset, concat, type Dataset, slice, take } from './data/dataset.ts';
export { loadMnist, mirror, mirrorShare, shrink } from './data/mnist.ts';
export { partitionByLabel, partitionEvenly, split } from './data/split.ts';
export { type DemoChoice, demoMirroredShare, demoSeed, demoTask } from './demo.ts';
export { type Evaluation, evaluate, evaluatePredictions } from './evaluate.ts';
export { type Digits, type DigitsPlan, dealDigits } from './federation.ts';
export type { ModelSpec } from './model_spec.ts';
export { Network } from './network.ts';
export { permutation, type Random, seeded } from './random.ts';
export { maxParameters, type TaskDescription, type TaskDescriptionInput, taskDescription } from './task.ts';
export { coordinates, LocalTrainer, type TrainerParts } from './trainer.ts';
export { basisPoints, LocalValidator, type ValidatorParts } from './validator.ts';
