// Plays a split: the federation by the product's own simulation, then what each site makes of the model, and what it
// and all of them pooled reach without it.
import { type Compared, compareModels } from '../../node/scenarios/index.ts';
import { simulate } from '../../node/simulate/index.ts';
import { keptResult, playMissing } from '../kept_runs.ts';
import { nameOf, type Run } from './plan.ts';
import { splitOf } from './world.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/joining';

/** A split's result. */
export interface Result extends Compared {
  readonly sites: readonly string[];
  /** Each site's rows that train. */
  readonly rows: readonly number[];
  readonly weights: readonly number[];
  /** Of each site: rounds in which it was struck, and the levels that stood at the end. */
  readonly struck: readonly number[];
  readonly levels: readonly number[];
  /** Rounds that were accepted. */
  readonly accepted: number;
}

/** A kept run; undefined where it was not played yet. */
export const kept = (folder: string, run: Run): Result | undefined => keptResult({ folder, nameOf }, run);

/** Plays what is missing of `runs`, one after the other. */
export const playAll = (folder: string, runs: readonly Run[], say: (line: string) => void): Promise<void> =>
  playMissing({ folder, nameOf, play }, runs, say);

const validators = 6;

/** Plays one run. */
export async function play({ federation, seed, weights }: Run): Promise<Result> {
  const split = splitOf(federation, { seed, validators, equal: weights === 'equal' });
  const { sites, world, statistics } = split;
  const { task } = world;
  const { model, rounds } = await simulate(
    { seed, validators, rounds: task.rounds, selector: task.compression.selector },
    { worldOf: () => world },
  );
  const last = rounds.at(-1)!;
  return {
    ...(await compareModels({ task, model, statistics, seed }, sites)),
    sites: sites.map(({ file }) => file),
    rows: sites.map(({ train }) => train.rows),
    weights: world.weights!,
    struck: sites.map((_, i) => rounds.filter(({ trainers }) => trainers[i]!.struck).length),
    levels: last.trainers.map(({ level }) => level),
    accepted: rounds.filter(({ accepted }) => accepted).length,
  };
}
