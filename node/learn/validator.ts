// A validator's part of a round, as the simulation and the role both run it: propose a support, probe,
// evaluate; all from its own hold-out data.
//
// The proposal is a trainer's, on the hold-out data: the change that local training would make from the
// round's model is added to what earlier rounds did not carry, and the largest coordinates are named; what
// was carried starts again from zero. Only indices leave. A single gradient's largest coordinates are much
// the same from round to round, and the others would never travel (measured: README).
import { Compressor, fewestLive, quantiseDirection, withhold } from '../compress/index.ts';
import { chunkShapes, completeProposal } from '../protocol/index.ts';
import type { Dataset } from './data/dataset.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { Network } from './network.ts';
import { seeded } from './random.ts';
import type { TaskDescription } from './task.ts';
import { supportShape } from './trainer.ts';

/** What a validator is made of. */
export interface LocalValidatorParts {
  readonly task: TaskDescription;
  readonly network: Network;
  readonly holdout: Dataset;
  /** Seeds the batches of a proposal. */
  readonly seed?: number | string;
  /** `save`'s bytes, to go on from. */
  readonly state?: Uint8Array;
}

/** A validator's learning; its state outlives the process as bytes. */
export class LocalValidator {
  readonly #parts: LocalValidatorParts;
  readonly #owed: Compressor;

  constructor(parts: LocalValidatorParts) {
    this.#parts = parts;
    const { network, state } = parts;
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
    const { task, network, holdout, seed = 0 } = this.#parts;
    const change = network.train(model, holdout, {
      ...task.training,
      random: seeded(seed, 'proposal', round),
    });
    this.#owed.accumulate(change, 0);
    const shape = supportShape(task, network, round);
    return completeProposal(this.#owed.propose(shape.count), shape);
  }

  /**
   * The direction that would improve the model here, on `support`, as an update's coordinates. Only direction
   * counts. A chunk with too few live coordinates is zeros, as in an update.
   */
  probe(model: Float32Array, support: Uint32Array): Int8Array[] {
    const { task } = this.#parts;
    const { chunks, normBound } = task.compression;
    const direction = this.#direction(model);
    this.#owed.spend(support);
    const probe = quantiseDirection(
      Float32Array.from(support, (index) => direction[index]!),
      { coordinatesPerChunk: chunkShapes[task.preset].coordinatesPerChunk, chunks, normBound },
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

  #direction(model: Float32Array): Float32Array {
    return this.#parts.network.gradient(model, this.#parts.holdout).gradient.map((x) => -x);
  }
}

/** A vote on accuracy, in basis points. */
export const basisPoints = (accuracy: number): number => Math.round(accuracy * 10_000);
