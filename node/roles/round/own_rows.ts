// A learner's rows in the host that computes on them, and the training there.
import {
  type HostedRows,
  type OwnData,
  type Training,
  type TrainingDisguise,
  takeRows,
} from '../../learn/index.ts';
import { runningStatistics } from '../key/keying.ts';
import { type LearnerContext, step } from '../runtime/context.ts';
import { rememberedTraining } from './remembered_training.ts';

/** A learner's rows, scaled by the task's statistics and taken into the host when they are first needed. */
export class OwnRows {
  readonly #context: LearnerContext;
  readonly #data: OwnData;
  #taken: Promise<HostedRows> | undefined;

  constructor(context: LearnerContext, data: OwnData) {
    this.#context = context;
    this.#data = data;
  }

  /** The rows. Where they could not be taken in, the next call tries again. */
  get(): Promise<HostedRows> {
    this.#taken ??= this.#take().catch((error) => {
      this.#taken = undefined;
      throw error;
    });
    return this.#taken;
  }

  /** The task's training on the rows. @param seed of its batches. */
  training(seed: string, disguise: TrainingDisguise | undefined): Training {
    const { description: task, layout, storage } = this.#context;
    const found: Training = async (model, round, signal) =>
      (await this.get()).train(model, { ...task.training, seed, round }, signal);
    // Of the same seed, layers find the same change again; a program need not.
    const honest = task.model.kind === 'program' ? rememberedTraining(storage, found) : found;
    return disguise ? disguise(honest, { task, layout, seed }) : honest;
  }

  async #take(): Promise<HostedRows> {
    const { host, layout } = this.#context;
    const statistics = await runningStatistics(this.#context, (column) =>
      step(
        this.#context,
        `column ${column} varies by less than a thousandth of its range: little can be learnt from it`,
      ),
    );
    return takeRows(host, layout, this.#data.dataset(statistics));
  }
}
