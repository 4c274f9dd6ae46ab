// `npm run fuzz -- --minutes 60`; without flags what the tests run. It prints its seed, and of every finding the flags by
// which it comes again.
import { flag, many } from '../../node/cli/command/flag.ts';
import { oneOf, text, whole } from '../../node/cli/command/rules.ts';
import { action } from '../../node/cli/command/verb.ts';
import { runScript } from '../../scripts/script.ts';
import { targets } from './targets.ts';
import { fuzz } from './watch.ts';

const fuzzing = action({
  summary: 'give wrong inputs to everything that reads bytes from elsewhere',
  flags: {
    seed: flag('TEXT', "of the inputs; today's date unless given", text(100)),
    target: many(flag('NAME', 'one reader alone, or several', oneOf(...targets.map(({ name }) => name)))),
    minutes: flag(
      'N',
      'in all; without it, each reader gets as many inputs as in the tests',
      whole(1, 100_000),
    ),
    input: flag(
      'N',
      'this input alone; right ones count down from -1',
      whole(-1000, Number.MAX_SAFE_INTEGER),
    ),
  },
  examples: ['npm run fuzz', 'npm run fuzz -- --target table --minutes 10'],
  run: async ({ seed = new Date().toISOString().slice(0, 10), target, minutes, input }) => {
    const chosen = target ? targets.filter(({ name }) => target.includes(name)) : targets;
    console.log(`seed ${seed}`);
    let wrong = false;
    for (const [at, { name, inputs }] of chosen.entries()) {
      const share = minutes === undefined ? null : (minutes * 60_000) / chosen.length;
      const last = share === null ? inputs : Number.MAX_SAFE_INTEGER;
      const { findings, tally } = await fuzz({
        target: name,
        seed,
        numbers: input === undefined ? [0, last] : [input, input + 1],
        until: share === null ? null : Date.now() + share,
      });
      const refused = Object.entries(tally?.refused ?? {}).map(([code, count]) => `${count} ${code}`);
      const read = `${tally?.read ?? '?'} read, ${tally?.taken ?? '?'} taken`;
      console.log(`${at + 1}/${chosen.length} ${name}: ${read}; refused: ${refused.join(', ')}`);
      for (const { number, what } of findings) {
        wrong = true;
        const again = `--seed ${seed} --target ${name} --input ${number}`;
        console.log(`  ${again}\n    ${what.replaceAll('\n', '\n    ')}`);
      }
    }
    return wrong ? 1 : 0;
  },
});

/** Fuzzes; resolves to 0 only when nothing was found. */
export const main = (args: readonly string[]): Promise<number> => runScript('npm run fuzz --', fuzzing, args);
