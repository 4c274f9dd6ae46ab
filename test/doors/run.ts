// `npm run doors`: everything that a release promises to somebody who comes for the first time, in a row.
import { flag, many, toggle } from '../../node/cli/command/flag.ts';
import { oneOf, path } from '../../node/cli/command/rules.ts';
import { action } from '../../node/cli/command/verb.ts';
import { progress } from '../../node/cli/output/progress.ts';
import { runScript } from '../../scripts/script.ts';
import { playDesk } from './desk.ts';
import { leftOf } from './left.ts';
import { install, openPlace, type Place } from './place.ts';
import { playFarm } from './prover.ts';
import { playScenario } from './scenario.ts';

type Door = (place: Place) => Promise<string>;
const doors = {
  digits: (place) => playScenario(place, 'digits'),
  clinics: (place) => playScenario(place, 'clinics'),
  credit: (place) => playScenario(place, 'credit'),
  prover: playFarm,
  desk: playDesk,
} as const satisfies Record<string, Door>;
const names = Object.keys(doors) as (keyof typeof doors)[];

/** Longest that a door may take before it counts as shut: milliseconds. Slow machines take a tenth of it. */
const limit = 3_600_000;

const trying = action({
  summary: 'try every door of the README in a row: three scenarios, a farm of two provers, the desk',
  details: `Each door is tried as somebody does who comes for the first time: by the commands of the pages, in a home folder
    in which nothing is, with no setting. A line says how long it took and what it came to; then nothing of it may be left,
    neither a process nor a temporary file. From the checkout that this stands in, or with --packed from packages that are
    made of it and installed into an empty folder. About a quarter of an hour on two cores, and what has to be compiled
    before. Needs chromium and PostgreSQL (Debian: chromium, postgresql). Exits with 1 where a door is shut.`,
  flags: {
    packed: toggle('from packages in an empty folder, without the checkout'),
    from: flag('FOLDER', 'from packages that are installed there already', path),
    only: many(flag('NAME', `one door: ${names.join(', ')}; several with more --only`, oneOf(...names))),
    json: toggle('one line of JSON a door'),
  },
  examples: ['npm run doors', 'npm run doors -- --packed', 'npm run doors -- --only prover --only desk'],
  run: async ({ packed, from, only, json }) => {
    const place = await openPlace(packed || from !== undefined, from);
    const stop = (): void => void place.close().finally(() => process.exit(130));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const line = progress();
    let open = true;
    const enter = async (door: string, enters: Door): Promise<boolean> => {
      const begun = performance.now();
      line.show(door);
      const { came, why } = await outcomeOf(place, enters);
      const seconds = Math.round((performance.now() - begun) / 1000);
      const told = { door, from: place.kind, open: why === undefined, seconds, came, why };
      console.log(
        json
          ? JSON.stringify(told)
          : `${why === undefined ? 'open' : 'SHUT'}  ${door.padEnd(7)}  ${`${seconds}`.padStart(5)} s  ${why ?? came}`,
      );
      open &&= told.open;
      return told.open;
    };
    try {
      if (packed && from === undefined && !(await enter('install', () => install(place, line.show))))
        return 1;
      for (const name of names) if (only?.includes(name) ?? true) await enter(name, doors[name]);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      await place.close();
    }
    return open ? 0 : 1;
  },
});

/** Tries the doors; resolves to 0 only when each is open. */
export const main = (args: readonly string[]): Promise<number> => runScript('npm run doors --', trying, args);

/** What a door came to, or why it is shut. */
async function outcomeOf(place: Place, enters: Door): Promise<{ came?: string; why?: string }> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not over in ${limit / 60_000} minutes`)), limit);
  try {
    const came = await Promise.race([enters(place), late]);
    await place.settle();
    const left = await leftOf(place);
    return left.length === 0 ? { came } : { why: `left behind: ${left.join('; ')} (${came})` };
  } catch (error) {
    await place.settle();
    return { why: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}
