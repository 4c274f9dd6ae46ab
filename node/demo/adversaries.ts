// The adversaries that tests, the simulation and the demonstration play against the protocol. Each dresses up
// an honest trainer: it is handed in where the trainer is made, so that the trainer itself knows nothing of
// it.
import type { SubmissionCall } from '../chain/index.ts';
import { norm } from '../compress/index.ts';
import { localTraining, seeded, type TrainingFactory } from '../learn/index.ts';
import type { TrainerDisguise } from '../roles/index.ts';

/** Adversaries that send well-formed, proven updates in a dishonest direction. */
export const dishonestTrainings = ['noise', 'opposite', 'replay'] as const;
/** One of {@link dishonestTrainings}. */
export type DishonestTraining = (typeof dishonestTrainings)[number];

/**
 * Training that pretends: it trains honestly and hands out another change than the one it found.
 * - `noise`: a random direction, as long as the honest change;
 * - `opposite`: the honest change backwards;
 * - `replay`: how the round before moved the model, which costs no training.
 */
export function dishonestTraining(kind: DishonestTraining): TrainingFactory {
  return (parts) => {
    const honest = localTraining(parts);
    const moved = movement();
    return (model, round) => {
      const change = honest(model, round);
      const last = moved(model);
      if (kind === 'opposite') return change.map((x) => -x);
      if (kind === 'replay') return last ?? new Float32Array(change.length);
      const random = seeded(parts.seed, 'behaviour', round);
      const deviation = norm(change) / Math.sqrt(change.length);
      return change.map(() => deviation * random.normal());
    };
  };
}

/** Tells, from one model to the next, how the model has moved. */
function movement(): (model: Float32Array) => Float32Array | undefined {
  let before: Float32Array | undefined;
  return (model) => {
    const last = before;
    before = model;
    return last && model.map((x, i) => x - last[i]!);
  };
}

/**
 * What an adversary of the demonstration's federation does; `garbage-proof` sends updates whose proofs fail.
 */
export const adversaries = ['none', 'noise', 'opposite', 'garbage-proof'] as const;
/** One of {@link adversaries}. */
export type AdversaryName = (typeof adversaries)[number];

/** The disguise of an adversary, to be handed in where the trainer is assembled. */
export function disguiseOf(adversary: AdversaryName): TrainerDisguise {
  if (adversary === 'none') return {};
  if (adversary === 'garbage-proof') return { chain: spoilProofs };
  return { training: dishonestTraining(adversary) };
}

const spoilt = (submission: SubmissionCall): SubmissionCall => ({
  ...submission,
  chunks: submission.chunks.map((chunk) => ({ ...chunk, y: chunk.y + 1n })),
});

/**
 * A chain that changes every update on its way to the contract, so that its proofs are those of another
 * evaluation.
 */
const spoilProofs: NonNullable<TrainerDisguise['chain']> = (chain) =>
  Object.create(chain, {
    submit: {
      value: ((subject, submission) =>
        chain.submit(
          subject,
          subject === 'update' ? spoilt(submission) : submission,
        )) satisfies typeof chain.submit,
    },
  });
