// A validator's part of a round, as the simulation and the role both run it: propose a support, probe,
// evaluate; all from its own hold-out data.
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
import type { Network } from './network.ts';
import type { TaskDescription } from './task.ts';
import { supportShape } from './trainer.ts';
import { localTraining, type Training, type TrainingFactory } from './training.ts';

/** What a validator is made of. */
export interface LocalValidatorParts {
  readonly task: TaskDescription;
  readonly network: Network;
  readonly holdout: Dataset;
  /** Seeds the batches of its training. */
  readonly seed?: number | string;
  /** `save`'s bytes, to go on from. */
  readonly state?: Uint8Array;
  /** Makes the training; the task's own unless another is given. */
  readonly training?: TrainingFactory | undefined;
}

/** A validator's learning; its state outlives the process as bytes. */
export class LocalValidator {
  readonly #parts: LocalValidatorParts;
  readonly #owed: Compressor;
  readonly #training: Training;
  #trained:
    | { readonly model: Float32Array; readonly round: number; readonly change: Float32Array }
    | undefined;

  constructor(parts: LocalValidatorParts) {
    this.#parts = parts;
    const { task, network, holdout, state, seed = 0, training = localTraining } = parts;
    this.#training = training({ task, network, data: holdout, seed });
    this.#owed = state ? Compressor.decode(state, network.size) : new Compressor(network.size);
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
   * Opens round `round` (from 0) and proposes its support, ranked; leaks an index set of this validator's
   * data.
   */
  propose(model: Float32Array, round: number): Uint32Array {
    const { task, network } = this.#parts;
    this.#owed.accumulate(this.#change(model, round), 0);
    const shape = supportShape(task, network, round);
    return completeProposal(this.#owed.propose(shape.count), shape);
  }

  /**
   * The change of round `round`'s local training on `support`, at the norm that every probe has. A chunk with too
   * few live coordinates is zeros, as in an update.
   */
  probe(model: Float32Array, support: Uint32Array, round: number): Int8Array[] {
    const { task } = this.#parts;
    const { coordinatesPerChunk } = chunkShapes[task.preset];
    const change = this.#change(model, round);
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

  /** The model's quality here; a vote is its accuracy in basis points, before and after. */
  evaluate(model: Float32Array): Evaluation {
    return evaluate(this.#parts.network, model, this.#parts.holdout);
  }

  /**
   * Closes the round, whatever became of it; repeating it changes nothing. After a rejected round the support
   * counts as carried all the same: proposing it again for the same model would end in the same rejection,
   * for ever.
   */
  settle(): void {
    this.#owed.settle('applied');
  }

  /** Trained once a round; after a restart again, with the same batches. */
  #change(model: Float32Array, round: number): Float32Array {
    // By content: a role decodes the model anew at every look.
    const known = this.#trained;
    if (known?.round === round && sameBytes(known.model, model)) return known.change;
    const change = this.#training(model, round);
    this.#trained = { model, round, change };
    return change;
  }
}

/** Whether two models are one, bit for bit. */
const sameBytes = (a: Float32Array, b: Float32Array): boolean => bytesOf(a).equals(bytesOf(b));

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** A vote on accuracy, in basis points. */
export const basisPoints = (accuracy: number): number => Math.round(accuracy * 10_000);
