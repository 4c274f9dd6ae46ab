// A long federation in one process, measured after each round: what grows, and by how much a round.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Staged, stage } from './federation.ts';
import { atEachPhase } from './phases.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** What a process holds after a round, after garbage was collected. Bytes, or counts. */
export interface Sample {
  readonly round: number;
  readonly seconds: number;
  readonly heap: number;
  /** Of array buffers, WebAssembly's included. */
  readonly buffers: number;
  readonly resident: number;
  readonly files: number;
  readonly threads: number;
  /** Timers, sockets, ports: all that would keep the process alive. */
  readonly resources: number;
  /** Bytes of the members' state folders, and their files. */
  readonly state: number;
  readonly stateFiles: number;
}

/** What is measured of each. */
export const measures = [
  'heap',
  'buffers',
  'resident',
  'files',
  'threads',
  'resources',
  'state',
  'stateFiles',
] as const;
/** One of {@link measures}. */
export type Measure = (typeof measures)[number];

/** A long run. */
export interface Soaked extends Staged {
  readonly samples: readonly Sample[];
}

/** Runs so many rounds of `tiny`. @param say hears of each round. */
export async function soak(
  rounds: number,
  cacheFolder: string,
  say: (line: string) => void,
): Promise<Soaked> {
  const samples: Sample[] = [];
  const began = performance.now();
  let state = '';
  const staged = await stage({
    options: { preset: 'tiny', rounds, trainers: 3, validators: 2 },
    cacheFolder,
    prepare(_, folder) {
      state = join(folder, 'state');
    },
    beside: (federation) =>
      atEachPhase(federation, federation.place.url, async ({ round, phase }) => {
        if (phase !== 'support' || round === 1) return;
        gc();
        const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
        const files = filesBelow(state);
        const sample: Sample = {
          round: round - 1,
          seconds: (performance.now() - began) / 1000,
          heap: heapUsed,
          buffers: arrayBuffers,
          resident: rss,
          files: readdirSync('/proc/self/fd').length,
          threads: readdirSync('/proc/self/task').length,
          resources: process.getActiveResourcesInfo().length,
          state: files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0),
          stateFiles: files.length,
        };
        samples.push(sample);
        say(JSON.stringify(sample));
      }),
  });
  return { ...staged, samples };
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What a measure grows by a round: the slope of the line of least squares over the samples after `from`. */
export function growth(samples: readonly Sample[], measure: Measure, from: number): number {
  const late = samples.filter(({ round }) => round > from);
  const mean = (of: (sample: Sample) => number) =>
    late.reduce((sum, each) => sum + of(each), 0) / late.length;
  const [x, y] = [mean(({ round }) => round), mean((sample) => sample[measure])];
  const over = late.reduce((sum, each) => sum + (each.round - x) * (each[measure] - y), 0);
  return over / late.reduce((sum, { round }) => sum + (round - x) ** 2, 0);
}
