// A training that begins before its round: the first model is known while the key is made, and the next one, most
// likely, while a round is settled. A member's processors have little to do then.
import { type OwnData, sameModel, type Training } from '../../learn/index.ts';
import { orEnded } from '../../store/index.ts';
import type { OnlookerContext } from '../runtime/context.ts';
import { loadModel } from './next_model.ts';

/** A training, and its beginning ahead of time. */
export interface TrainingAhead {
  readonly training: Training;
  /** The round that it has begun for, from 0, and that nobody has asked for yet. */
  readonly begun: number | undefined;
  /**
   * Begins to train from `model` for round `round`. Whoever asks for just that is given what it finds; where it fails, or
   * another model is asked for, the training is made as if nothing had begun.
   */
  begin(model: Float32Array, round: number): void;
}

/** What has begun goes on where its caller is stopped, for the next one. */
export function trainingAhead(training: Training): TrainingAhead {
  let ahead:
    | {
        readonly model: Float32Array;
        readonly round: number;
        readonly change: Promise<Float32Array | undefined>;
      }
    | undefined;
  return {
    get begun() {
      return ahead?.round;
    },
    begin(model, round) {
      // What fails is not begun again at the next look: who asks for it makes it, and is told.
      const change = training(model, round).catch(() => undefined);
      ahead = { model: model.slice(), round, change };
    },
    async training(model, round, signal) {
      const begun = ahead;
      if (begun?.round !== round || !sameModel(begun.model, model)) return training(model, round, signal);
      const change = await orEnded(begun.change, signal);
      if (ahead === begun) ahead = undefined;
      return change ?? training(model, round, signal);
    },
  };
}

/**
 * Begins the first round's training while the key is made; not where rows are scaled by statistics that are added with
 * the key.
 */
export async function trainMeanwhile(
  context: Pick<OnlookerContext, 'chain' | 'layout' | 'store'>,
  data: OwnData,
  ahead: TrainingAhead,
): Promise<void> {
  const { chain } = context;
  if (data.statistics.length > 0 || chain.journal.rounds.length > 0 || ahead.begun !== undefined) return;
  const { model } = await chain.terms();
  ahead.begin(await loadModel(context, model), 0);
}
