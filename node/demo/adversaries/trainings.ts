// Adversaries that learn something else than they should: their updates and probes are well formed and proven, but
// lead elsewhere.
import { norm } from '../../compress/index.ts';
import { type Dataset, type Random, seeded, type TrainingDisguise } from '../../learn/index.ts';
import type { Disguise } from '../../roles/index.ts';

/** A random direction, as long as the honest change. */
export const noise: TrainingDisguise =
  (honest, { seed }) =>
  async (model, round, signal) => {
    const change = await honest(model, round, signal);
    const random = seeded(seed, 'noise', round);
    const deviation = norm(change) / Math.sqrt(change.length);
    return change.map(() => deviation * random.normal());
  };

/** The honest change backwards. */
export const opposite: TrainingDisguise =
  (honest) =>
  async (...asked) =>
    (await honest(...asked)).map((x) => -x);

/** How the round before moved the model, which costs no training; nothing before it has moved. */
export const replayAggregate: TrainingDisguise = () => {
  let before: Float32Array | undefined;
  return async (model) => {
    const last = before;
    before = model;
    return model.map((x, i) => (last ? x - last[i]! : 0));
  };
};

/** Honest training on rows that were changed beforehand. */
export const trainingOn =
  (change: (data: Dataset, random: Random) => Dataset): NonNullable<Disguise['data']> =>
  (own, seed) => ({
    ...own,
    dataset: (statistics) => change(own.dataset(statistics), seeded(seed, 'data')),
  });
