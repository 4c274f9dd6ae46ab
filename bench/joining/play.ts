// Plays a split: the federation by the product's own simulation, or as `npm start` does, then what each site makes of the
// model, and what it and all of them pooled reach without it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLocalFederation } from '../../node/local/index.ts';
import { modelNames, type Report } from '../../node/report/index.ts';
import { type Compared, compareModels } from '../../node/scenarios/index.ts';
import { keptResult, playMissing } from '../kept_runs.ts';
import { type EncryptedRun, nameOf, type Run, type SimulatedRun, type TrialRun } from './plan.ts';
import { simulateTrial } from './trial.ts';
import { optionsOf, scenarios, simulateSplit, splitOf, validators } from './world.ts';

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
  /** Of each site, in a trial: its rounds after the first in which it pointed away from the others' sum, as a share. */
  readonly backwards?: readonly number[];
  /** Of a whole federation: the proofs that were made. */
  readonly proofs?: number;
}

/** A kept run; undefined where it was not played yet. */
export const kept = (folder: string, run: Run): Result | undefined => keptResult({ folder, nameOf }, run);

/** Plays what is missing of `runs`, one after the other. */
export const playAll = (folder: string, runs: readonly Run[], say: (line: string) => void): Promise<void> =>
  playMissing({ folder, nameOf, play }, runs, say);

/** Plays one run. */
export const play = (run: Run): Promise<Result> =>
  run.kind === 'encrypted' ? playEncrypted(run) : playSimulated(run);

async function playSimulated(run: SimulatedRun | TrialRun): Promise<Result> {
  const { federation, seed } = run;
  const equal = run.kind === 'simulation' && run.weights === 'equal';
  const split = splitOf(federation, { seed, equal });
  const { sites, world, statistics } = split;
  const { task } = world;
  const { model, rounds, backwards } =
    run.kind === 'trial'
      ? await simulateTrial(optionsOf(world, seed), world, run.trial)
      : { ...(await simulateSplit(split, seed)), backwards: undefined };
  const last = rounds.at(-1)!;
  return {
    ...(await compareModels({ task, model, statistics, seed }, sites)),
    sites: sites.map(({ file }) => file),
    rows: sites.map(({ train }) => train.rows),
    weights: world.weights!,
    struck: sites.map((_, i) => rounds.filter(({ trainers }) => trainers[i]!.struck).length),
    levels: last.trainers.map(({ level }) => level),
    accepted: rounds.filter(({ accepted }) => accepted).length,
    ...(backwards && { backwards }),
  };
}

async function playEncrypted({ federation, seed }: EncryptedRun): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'murmuration-joining-'));
  try {
    return resultOf(
      await runLocalFederation(
        { scenario: scenarios[federation], validators, seed },
        {
          folder,
          cacheFolder: 'build',
          view: { say() {}, update() {}, close() {} },
          signal: new AbortController().signal,
        },
      ),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The report of a scenario of sites, as a split's result. */
function resultOf({ comparison, rounds, trainers, totals }: Report): Result {
  const { sites, all } = comparison!;
  const scores = modelNames.map((model) => [model, [...sites.map((site) => site.scores[model]), all[model]]]);
  return {
    scores: Object.fromEntries(scores) as Result['scores'],
    single: sites.map(({ everywhere }) => everywhere),
    shares: sites.map(({ share }) => share),
    biases: sites.map(({ bias }) => bias),
    sites: sites.map(({ name }) => name),
    rows: sites.map((site) => site.rows.train),
    weights: sites.map(({ weight }) => weight),
    struck: sites.map((_, i) => rounds.filter((round) => round.trainers[i]!.struck).length),
    levels: trainers.map(({ strikes }) => strikes),
    accepted: totals.accepted,
    proofs: totals.proofs,
  };
}
