// A validator's part of a round: propose a support, probe, evaluate; all from its own hold-out data. The role
// trains and evaluates elsewhere; the simulation in its own thread.
//
// Proposal and probe rest on one change: the one that the task's local training makes on the hold-out data,
// from the round's model. The probe is that change on the support: what an honest trainer with these data would
// send. A gradient is easier to guess from what is public, and trainers resemble it less. For the proposal the
// change is added to what earlier rounds did not carry, and the largest coordinates are named; what was
// carried starts again from zero. Only indices leave. A single gradient's largest coordinates are much the
// same from round to round, and the others would never travel (measured: README).
import { Compressor, fewestLive, quantiseProbe, withhold } from '../compress/index.ts';
import { chunkShapes, completeProposal, probeNormBound } from '../protocol/index.ts';
import type { Dataset } from './data/dataset.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { ModelLayout } from './layout.ts';
import type { Network } from './network.ts';
import type { TaskDescription } from './task.ts';
import { supportShape } from './trainer.ts';
import { localTraining, onceARound } from './training.ts';

/** What a validator's rounds are made of. */
export interface ValidatorRoundsParts {
  readonly task: TaskDescription;
  readonly layout: Pick<ModelLayout, 'size'>;
  /** `save`'s bytes, to go on from. */
  readonly state?: Uint8Array;
}

/** A validator's rounds, apart from the training; their state outlives the process as bytes. */
export class ValidatorRounds {
  readonly #parts: ValidatorRoundsParts;
  readonly #owed: Compressor;

  constructor(parts: ValidatorRoundsParts) {
    const { layout, state } = parts;
    this.#parts = parts;
    this.#owed = state ? Compressor.decode(state, layout.size) : new Compressor(layout.size);
  }

  /** The state to keep between steps. */
  save(): Uint8Array {
    return this.#owed.encode();
  }

  /** `accumulated` after a proposal, `sent` after the probe, `idle` otherwise; also after a restart. */
  get phase(): Compressor['phase'] {
    return this.#owed.phase;
  }

  /**
   * Opens round `round` (from 0) with the change that local training found, and proposes its support, ranked;
   * leaks an index set of this validator's data.
   * @param sifts as for a trainer, which sends nothing on coordinates that are barred.
   */
  propose(change: Float32Array, round: number, sifts = false): Uint32Array {
    const { task, layout } = this.#parts;
    if (!sifts) this.#owed.free();
    this.#owed.accumulate(change, 0);
    const shape = supportShape(task, layout, round);
    return completeProposal(this.#owed.propose(shape.count), shape);
  }

  /**
   * The round's change on `support`, at the norm that every probe has. A chunk with too few live coordinates
   * is zeros, as in an update.
   */
  probe(change: Float32Array, support: Uint32Array): Int8Array[] {
    const { task } = this.#parts;
    const { coordinatesPerChunk } = chunkShapes[task.preset];
    this.#owed.spend(support);
    const probe = quantiseProbe(
      Float32Array.from(support, (index) => change[index]!),
      {
        coordinatesPerChunk,
        chunks: task.compression.chunks,
        normBound: probeNormBound(coordinatesPerChunk),
      },
    );
    for (const chunk of probe) withhold(chunk, fewestLive(support.length));
    return probe;
  }

  /**
   * Closes the round, whatever became of it; repeating it changes nothing. After a rejected round the support
   * counts as carried all the same: proposing it again for the same model would end in the same rejection,
   * for ever.
   * @param moved whether the model moved; else the support is barred.
   */
  settle(moved = true): void {
    this.#owed.settle('applied', !moved);
  }
}

/** What a validator in this thread is made of. */
export interface LocalValidatorParts {
  readonly task: TaskDescription;
  readonly network: Network;
  readonly holdout: Dataset;
  /** Seeds the batches of its training. */
  readonly seed?: number | string;
}

/** A validator that trains and evaluates in this thread. */
export class LocalValidator {
  readonly #parts: LocalValidatorParts;
  readonly #rounds: ValidatorRounds;
  readonly #training: (model: Float32Array, round: number) => Float32Array;

  constructor(parts: LocalValidatorParts) {
    const { task, network, holdout, seed = 0 } = parts;
    this.#parts = parts;
    this.#rounds = new ValidatorRounds({ task, layout: network });
    this.#training = onceARound(localTraining({ task, network, data: holdout, seed }));
  }

  /** Opens round `round` (from 0) and proposes its support, ranked. */
  propose(model: Float32Array, round: number): Uint32Array {
    return this.#rounds.propose(this.#training(model, round), round);
  }

  /** The change of round `round`'s local training on `support`. */
  probe(model: Float32Array, support: Uint32Array, round: number): Int8Array[] {
    return this.#rounds.probe(this.#training(model, round), support);
  }

  /** The model's quality here; a vote is its accuracy in basis points, before and after. */
  evaluate(model: Float32Array): Evaluation {
    return evaluate(this.#parts.network, model, this.#parts.holdout);
  }

  /** Closes the round. */
  settle(): void {
    this.#rounds.settle();
  }
}

/** A vote on accuracy, in basis points. */
export const basisPoints = (accuracy: number): number => Math.round(accuracy * 10_000);
