// The world of a simulation: a task, and who holds which data. `bench/incentives` brings another one.
import { dealDigits, demoMirroredShare, demoTask } from '../demo/index.ts';
import type { Dataset, TaskDescription } from '../learn/index.ts';
import type { SimulationOptions } from './options.ts';

/** A task and its members' data. */
export interface World {
  readonly task: TaskDescription;
  /** What each trainer is where nobody cheats, for example `plain`. */
  readonly kinds: readonly string[];
  readonly trainers: readonly Dataset[];
  /** Of the trainers' updates in the sum, as an allow-list has them; without it 1 each. */
  readonly weights?: readonly number[];
  /** Whether a trainer sends nothing in a round (from 0); without it everybody is there. */
  readonly isAway?: (trainer: number, round: number) => boolean;
  /** Hold-outs. */
  readonly validators: readonly Dataset[];
  /** The trainer whose data are unlike the others'; undefined where there is none. */
  readonly minority: number | undefined;
  /** The trainer's seat that an adversary takes. */
  readonly adversarySeat: number;
  /** Data that nobody trains or validates on: of everybody, and like the minority's. */
  readonly test: Dataset;
  readonly testMinority: Dataset;
}

/** The demonstration's digits: the last trainer's are mirrored, the last but one's seat is the adversary's. */
export async function digitsWorld(options: SimulationOptions): Promise<World> {
  const { preset, rounds, selector, density, seed, trainers, validators, mirrored, partition } = options;
  const task = demoTask({ preset, rounds, selector, ...(density === undefined ? {} : { density }) });
  const last = trainers - 1;
  const kinds = Array.from({ length: trainers }, (_, i) =>
    mirrored && i === last ? ('mirrored' as const) : ('plain' as const),
  );
  const digits = await dealDigits({
    seed,
    trainers: kinds,
    validators,
    mirroredShare: options.mirroredShare ?? demoMirroredShare,
    side: task.data.kind === 'mnist' ? task.data.side : 28,
    partition,
  });
  return {
    task,
    kinds,
    trainers: digits.trainers,
    validators: digits.validators,
    minority: mirrored ? last : undefined,
    adversarySeat: last - 1,
    test: digits.test,
    testMinority: digits.testMirrored,
  };
}
