// Plays the runs of docs/faults.md.
import { join } from 'node:path';
import { playLong } from './churn/play.ts';
import { readRecord } from './churn/record.ts';
import { wrongIn } from './churn/verdict.ts';
import type { Staged } from './federation.ts';
import {
  type ChurnRun,
  type FaultRun,
  type PointRun,
  type ProcessRun,
  type Run,
  recordNameOf,
  type SoakRun,
} from './plan.ts';
import { type Killed, playProcesses } from './processes.ts';
import { dieOnce, scenes } from './scenes.ts';
import { type Soaked, soak } from './soak.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/faults';

/** The federation of every fault but the long one. */
export const optionsOf = (seed: number) =>
  ({ preset: 'tiny', rounds: 2, trainers: 3, validators: 2, seed }) as const;

/** A run as it is kept: what became of it, and with which code. */
export type Outcome<Of extends Run = Run> = Of extends FaultRun | PointRun
  ? Staged
  : Of extends ProcessRun
    ? Killed
    : Of extends SoakRun
      ? Soaked
      : Of extends ChurnRun
        ? readonly string[]
        : never;

/** Plays one. @param say hears of the rounds of a long run. @param folder where one with churn writes its record. */
export async function play(
  run: Run,
  cacheFolder = 'build',
  say: (line: string) => void = () => undefined,
  folder = defaultFolder,
): Promise<Outcome> {
  const options = optionsOf(run.seed);
  const base = { options, cacheFolder, away: 2500 };
  if (run.kind === 'fault') return scenes[run.fault](base);
  if (run.kind === 'point') return dieOnce({ ...base, options: { ...options, rounds: 1 } }, run);
  if (run.kind === 'processes') return playProcesses(run);
  if (run.kind === 'churn') {
    const { seed, tasks, rounds } = run;
    const file = join(folder, recordNameOf(run));
    await playLong({ seed, tasks, rounds, file, cacheFolder, say: (line) => say(JSON.stringify(line)) });
    return wrongIn(readRecord(file));
  }
  return soak(run.rounds, cacheFolder, say);
}
