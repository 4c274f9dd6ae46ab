// A trainer's part of a round: train, propose, compress, settle. The role trains elsewhere and opens a round with
// the change; the simulation trains in its own thread.
import { Compressor, coordinatesOf, type UpdateOutcome } from '../compress/index.ts';
import { chunkShapes, completeProposal, type SupportShape } from '../protocol/index.ts';
import type { ModelLayout } from './layout.ts';
import { seeded } from './random.ts';
import type { TaskDescription } from './task.ts';
import { type LocalTrainingParts, localTraining } from './training.ts';

/** What a trainer's rounds are made of. */
export interface TrainerRoundsParts {
  readonly task: TaskDescription;
  readonly layout: Pick<ModelLayout, 'size'>;
  /** Of its rounding. */
  readonly seed: number | string;
  /** `save`'s bytes, to go on from. */
  readonly state?: Uint8Array;
}

/** A trainer's rounds, apart from the training; their state outlives the process as bytes. */
export class TrainerRounds {
  readonly #parts: TrainerRoundsParts;
  readonly #compressor: Compressor;

  constructor(parts: TrainerRoundsParts) {
    const { layout, state } = parts;
    this.#parts = parts;
    this.#compressor = state ? Compressor.decode(state, layout.size) : new Compressor(layout.size);
  }

  /** The state to keep between steps; write it before anything of the round leaves this machine. */
  save(): Uint8Array {
    return this.#compressor.encode();
  }

  /** Where the round stands, also after a restart: `idle`, `accumulated` (trained) or `sent`. */
  get phase(): Compressor['phase'] {
    return this.#compressor.phase;
  }

  /**
   * Opens a round among `trainers` trainers with the change that local training found.
   * @param sifts whether sums may be of other members than those of the rounds before: what those sent in vain stays
   * barred.
   */
  open(change: Float32Array, trainers: number, sifts = false): void {
    const { momentum, clip } = this.#parts.task.compression;
    if (!sifts) this.#compressor.free();
    this.#compressor.accumulate(
      change,
      momentum,
      clip === undefined ? undefined : clip / Math.sqrt(trainers),
    );
  }

  /** A leader's proposal for the open round, ranked. */
  propose(round: number): Uint32Array {
    const shape = supportShape(this.#parts.task, this.#parts.layout, round);
    return completeProposal(this.#compressor.propose(shape.count), shape);
  }

  /** Updates made with noise of privacy so far, whatever became of them. */
  get releases(): number {
    return this.#compressor.releases;
  }

  /** Counts releases that this state does not know of: those of a state that was lost. */
  countAtLeast(releases: number): void {
    this.#compressor.countAtLeast(releases);
  }

  /**
   * Whether as many updates were made with noise as the epsilon that the task states is of. A round that a
   * reorganisation plays again takes noise again, so updates may be more than rounds.
   */
  get isSpent(): boolean {
    const { privacy, rounds } = this.#parts.task;
    return privacy !== undefined && this.releases >= rounds;
  }

  /** The update's coordinates, chunk by chunk: zeros where the privacy of the task is spent. */
  compress(support: Uint32Array, scale: bigint, round: number): Int8Array[] {
    const { task, seed } = this.#parts;
    const { chunks, normBound } = task.compression;
    return this.#compressor.compress({
      support: this.isSpent ? new Uint32Array() : support,
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

/** A trainer that trains in this thread. The seed is also that of its rounding. */
export class LocalTrainer extends TrainerRounds {
  readonly #training: (model: Float32Array, round: number) => Float32Array;

  constructor(parts: LocalTrainingParts & Pick<TrainerRoundsParts, 'state'>) {
    super({ ...parts, layout: parts.network });
    this.#training = localTraining(parts);
  }

  /** Trains from `model` and opens round `round` (from 0) among `trainers` trainers. */
  train(model: Float32Array, round: number, trainers: number): void {
    this.open(this.#training(model, round), trainers);
  }
}

/** The coordinates that round `round` (from 0) of a task carries. */
export function supportShape(
  task: TaskDescription,
  { size }: Pick<ModelLayout, 'size'>,
  round: number,
): SupportShape {
  const { coordinatesPerChunk } = chunkShapes[task.preset];
  return { count: coordinatesOf(task.compression, { round, size, coordinatesPerChunk }), size, round };
}
