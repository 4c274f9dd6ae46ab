// A long federation in one process, measured after each round: what grows, and by how much a round.
import { join } from 'node:path';
import { type Staged, stage } from './federation.ts';
import { atEachPhase } from './phases.ts';
import { type Held, heldNow, type Measure, slope } from './sample.ts';

/** What a process holds after a round, after garbage was collected. */
export interface Sample extends Held {
  readonly round: number;
  readonly seconds: number;
}

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
        const seconds = (performance.now() - began) / 1000;
        const sample: Sample = { round: round - 1, seconds, ...heldNow(state) };
        samples.push(sample);
        say(JSON.stringify(sample));
      }),
  });
  return { ...staged, samples };
}

/** What a measure grows by a round, over the samples after `from`. */
export const growth = (samples: readonly Sample[], measure: Measure, from: number): number =>
  slope(samples.filter(({ round }) => round > from).map((sample) => [sample.round, sample[measure]]));
