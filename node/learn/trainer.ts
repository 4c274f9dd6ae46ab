// A trainer's part of a round, as the simulation and the role both run it: train, propose, compress, settle.
import { Compressor, coordinatesOf, type Outcome } from '../compress/index.ts';
import { presets } from '../protocol/index.ts';
import { type Behaviour, pretend } from './behaviour.ts';
import type { Dataset } from './data/dataset.ts';
import type { Network } from './network.ts';
import { seeded } from './random.ts';
import type { TaskDescription } from './task.ts';

/** What a trainer is made of. */
export interface TrainerParts {
  task: TaskDescription;
  network: Network;
  data: Dataset;
  /** Seeds batches and rounding, so that a round repeated after a crash gives the same update. */
  seed: number | string;
  /** `save`'s bytes, to go on from. */
  state?: Uint8Array;
  behaviour?: Behaviour;
}

export class LocalTrainer {
  readonly #parts: TrainerParts;
  readonly #compressor: Compressor;
  #before: Float32Array | undefined;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
    const { network, state } = parts;
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
    const { task, network, data, seed, behaviour = 'honest' } = this.#parts;
    const found = network.train(model, data, task.training, seeded(seed, 'batches', round));
    const before = this.#before;
    const moved = before && model.map((x, i) => x - before[i]!);
    this.#before = model;
    const { momentum, clip } = task.compression;
    const change = pretend(behaviour, found, moved, seeded(seed, 'behaviour', round));
    this.#compressor.accumulate(
      change,
      momentum,
      clip === undefined ? undefined : clip / Math.sqrt(trainers),
    );
  }

  /** A leader's proposal for the open round, ranked. */
  propose(round: number): Uint32Array {
    return this.#compressor.propose(coordinates(this.#parts.task, this.#parts.network, round));
  }

  /** The update's lanes, chunk by chunk. */
  compress(support: Uint32Array, scale: bigint, round: number): Int8Array[] {
    const { task, seed } = this.#parts;
    const { chunks, normBound } = task.compression;
    return this.#compressor.compress({
      support,
      scale,
      lanes: presets[task.preset].lanes,
      chunks,
      normBound,
      random: seeded(seed, 'rounding', round),
      privacy: task.privacy,
    });
  }

  /** Closes the round; repeating it changes nothing. */
  settle(outcome: Outcome): void {
    this.#compressor.settle(outcome);
  }
}

/** Coordinates that round `round` of a task carries. */
export function coordinates(task: TaskDescription, network: Network, round: number): number {
  return coordinatesOf(task.compression, round, network.size, presets[task.preset].lanes);
}
