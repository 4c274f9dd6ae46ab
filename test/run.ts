// `npm test`: every suite; the last line adds them up.
import { flag, toggle } from '../node/cli/command/flag.ts';
import { text } from '../node/cli/command/rules.ts';
import { action } from '../node/cli/command/verb.ts';
import { NodeError } from '../node/errors.ts';
import { runScript } from '../scripts/script.ts';
import { alone, testsAlone } from './suites/alone.ts';
import { contracts } from './suites/contracts.ts';
import { lint } from './suites/lint.ts';
import type { Outcome, Suite } from './suites/suite.ts';
import { types } from './suites/types.ts';
import { vitest } from './suites/vitest.ts';

const unit = vitest('unit');

/**
 * Suites in rows; the rows run at the same time. Whole federations wait for each other half of their time: what computes
 * runs beside them, and what keeps all processors busy to its end comes last.
 */
const rows: readonly (readonly Suite[])[] = [[vitest('e2e')], [types, lint, contracts, alone, unit]];
const suites = rows.flat();
const names = suites.map(({ name }) => name).join(', ');

const test = action({
  summary: 'run every suite, or some of them; the last line adds them up',
  details: suites.map(({ name, what }) => `${name}: ${what}.`).join('\n\n'),
  flags: {
    only: flag('NAMES', `${names}; several with commas`, text(256)),
    all: toggle('also what takes long: all tests alone, contracts fuzzed as often whatever it takes'),
  },
  examples: ['npm test', 'npm test -- --only types,lint', 'npx vitest run --project=unit test/he'],
  run: async ({ only, all }) => runSuites(only === undefined ? suites : only.split(',').map(suiteOf), all),
});

/** Runs the suites named by `--only` (all of them by default); resolves to 0 only when nothing failed. */
export const main = (args: readonly string[]): Promise<number> => runScript('npm test --', test, args);

function suiteOf(name: string): Suite {
  const suite = suites.find((candidate) => candidate.name === name);
  if (!suite)
    throw new NodeError('usage', `no suite is called ${JSON.stringify(name)}; there are ${names}`, {
      mend: 'See `npm test -- --help`.',
    });
  return suite;
}

async function runSuites(chosen: readonly Suite[], all: boolean): Promise<number> {
  const total: Outcome = { passed: 0, failed: [], skipped: [] };
  // A library's tests run once: where the library is alone, if it is tried there.
  const except = chosen.includes(alone) ? testsAlone(all) : [];
  const runRow = async (row: readonly Suite[]): Promise<void> => {
    for (const suite of row.filter((candidate) => chosen.includes(candidate))) {
      console.log(`\n== ${suite.name}: ${suite.what}`);
      const started = performance.now();
      const { passed, failed, skipped } = await suite.run({ all, ...(suite === unit && { except }) });
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`== ${suite.name}: ${passed} passed, ${failed.length} failed, ${seconds} s`);
      total.passed += passed;
      total.failed.push(...failed);
      total.skipped.push(...skipped);
    }
  };
  await Promise.all(rows.map(runRow));
  if (total.skipped.length > 0)
    console.log(`\nskipped:\n${total.skipped.map((name) => `  ${name}`).join('\n')}`);
  if (total.passed + total.failed.length === 0) total.failed.push('no test ran');
  if (total.failed.length > 0)
    console.log(`\nfailed:\n${total.failed.map((name) => `  ${name}`).join('\n')}`);
  console.log(`\n${total.passed} passed, ${total.failed.length} failed`);
  return total.failed.length === 0 ? 0 : 1;
}
