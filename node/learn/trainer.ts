// A trainer's part of a round, as the simulation and the role both run it: train, propose, compress, settle.
import { Compressor, coordinatesOf, type UpdateOutcome } from '../compress/index.ts';
import { chunkShapes, completeProposal, type SupportShape } from '../protocol/index.ts';
import type { Network } from './network.ts';
import { seeded } from './random.ts';
import type { TaskDescription } from './task.ts';
import { localTraining, type Training, type TrainingFactory, type TrainingParts } from './training.ts';

/** What a trainer is made of. The seed is also that of its rounding. */
export interface LocalTrainerParts extends TrainingParts {
  /** `save`'s bytes, to go on from. */
  readonly state?: Uint8Array;
  /** Makes the training; the task's own unless another is given. */
  readonly training?: TrainingFactory | undefined;
}

/** A trainer's learning; its state outlives the process as bytes. */
export class LocalTrainer {
  readonly #parts: LocalTrainerParts;
  readonly #compressor: Compressor;
  readonly #training: Training;

  constructor(parts: LocalTrainerParts) {
    this.#parts = parts;
    const { network, state, training = localTraining } = parts;
    this.#training = training(parts);
    this.#compressor = state ? Compressor.decode(state, network.size) : new Compressor(network.size);
  }

  /** The state to keep between steps; write it before anything of the round leaves this machine. */
  save(): Uint8Array {
    return this.#compressor.encode();
  }

  /** Rows that it trains on. */
  get examples(): number {
    return this.#parts.data.count;
  }

  /** Where the round stands, also after a restart: `idle`, `accumulated` (trained) or `sent`. */
  get phase(): Compressor['phase'] {
    return this.#compressor.phase;
  }

  /** Trains from `model` and opens round `round` (from 0) among `trainers` trainers. */
  train(model: Float32Array, round: number, trainers: number): void {
    const { momentum, clip } = this.#parts.task.compression;
    this.#compressor.accumulate(
      this.#training(model, round),
      momentum,
      clip === undefined ? undefined : clip / Math.sqrt(trainers),
    );
  }

  /** A leader's proposal for the open round, ranked. */
  propose(round: number): Uint32Array {
    const shape = supportShape(this.#parts.task, this.#parts.network, round);
    return completeProposal(this.#compressor.propose(shape.count), shape);
  }

  /** The update's coordinates, chunk by chunk. */
  compress(support: Uint32Array, scale: bigint, round: number): Int8Array[] {
    const { task, seed } = this.#parts;
    const { chunks, normBound } = task.compression;
    return this.#compressor.compress({
      support,
      scale,
      coordinatesPerChunk: chunkShapes[task.preset].coordinatesPerChunk,
      chunks,
      normBound,
      random: seeded(seed, 'rounding', round),
      privacy: task.privacy,
    });
  }

  /** Closes the round; repeating it changes nothing. */
  settle(outcome: UpdateOutcome): void {
    this.#compressor.settle(outcome);
  }
}

/** The coordinates that round `round` (from 0) of a task carries. */
export function supportShape(task: TaskDescription, { size }: Network, round: number): SupportShape {
  const { coordinatesPerChunk } = chunkShapes[task.preset];
  return { count: coordinatesOf(task.compression, { round, size, coordinatesPerChunk }), size, round };
}
