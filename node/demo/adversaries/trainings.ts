// Adversaries that learn something else than they should: their updates and probes are well formed and proven, but
// lead elsewhere.
import { norm } from '../../compress/index.ts';
import { type Dataset, localTraining, type Random, seeded, type TrainingFactory } from '../../learn/index.ts';

/** A random direction, as long as the honest change. */
export const noise: TrainingFactory = (parts) => {
  const honest = localTraining(parts);
  return (model, round) => {
    const change = honest(model, round);
    const random = seeded(parts.seed, 'noise', round);
    const deviation = norm(change) / Math.sqrt(change.length);
    return change.map(() => deviation * random.normal());
  };
};

/** The honest change backwards. */
export const opposite: TrainingFactory = (parts) => {
  const honest = localTraining(parts);
  return (model, round) => honest(model, round).map((x) => -x);
};

/** How the round before moved the model, which costs no training; nothing before it has moved. */
export const replayAggregate: TrainingFactory = () => {
  let before: Float32Array | undefined;
  return (model) => {
    const last = before;
    before = model;
    return model.map((x, i) => (last ? x - last[i]! : 0));
  };
};

/** Honest training on data that were changed beforehand. */
export const trainingOn =
  (change: (data: Dataset, random: Random) => Dataset): TrainingFactory =>
  (parts) =>
    localTraining({ ...parts, data: change(parts.data, seeded(parts.seed, 'data')) });
