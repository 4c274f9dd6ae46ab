// Fuzzing from the command line: `npm run fuzz -- --minutes 60`; without flags what the tests run. It prints its seed,
// and of every finding the flags by which it comes again.
import { parseArgs } from 'node:util';
import { targets } from './targets.ts';
import { fuzz } from './watch.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    target: { type: 'string', multiple: true },
    minutes: { type: 'string' },
    input: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help) {
  console.log(`--seed TEXT      of the inputs; today's date unless given
--target NAME    one of: ${targets.map(({ name }) => name).join(', ')}; may be given several times
--minutes N      in all; without it, each target reads as many inputs as in the tests
--input N        this input alone`);
  process.exit(0);
}

const seed = values.seed ?? new Date().toISOString().slice(0, 10);
const chosen = targets.filter(({ name }) => !values.target || values.target.includes(name));
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
console.log(`seed ${seed}`);
let wrong = chosen.length === 0;
for (const [at, { name, inputs }] of chosen.entries()) {
  const share = minutes === undefined ? null : (minutes * 60_000) / chosen.length;
  const input = values.input === undefined ? undefined : Number(values.input);
  const last = share === null ? inputs : Number.MAX_SAFE_INTEGER;
  const numbers = input === undefined ? ([0, last] as const) : ([input, input + 1] as const);
  const { findings, tally } = await fuzz({
    target: name,
    seed,
    numbers,
    until: share === null ? null : Date.now() + share,
  });
  const refused = Object.entries(tally?.refused ?? {}).map(([code, count]) => `${count} ${code}`);
  console.log(
    `${at + 1}/${chosen.length} ${name}: ${tally?.read ?? '?'} read, ${tally?.taken ?? '?'} taken; refused: ${refused.join(', ')}`,
  );
  for (const { number, what } of findings) {
    wrong = true;
    console.log(
      `  --seed ${seed} --target ${name} --input ${number}\n    ${what.replaceAll('\n', '\n    ')}`,
    );
  }
}
process.exitCode = wrong ? 1 : 0;
