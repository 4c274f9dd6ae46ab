// `npm test`: every suite in turn; the last line adds them up. `--only NAME[,NAME]` runs some of them.
import { contracts } from './suites/contracts.ts';
import { lint } from './suites/lint.ts';
import type { Outcome, Suite } from './suites/suite.ts';
import { types } from './suites/types.ts';
import { vitest } from './suites/vitest.ts';

const suites: Suite[] = [types, lint, vitest('unit'), contracts, vitest('e2e')];

/** Runs the suites named by `--only` (all of them by default); resolves to 0 only when nothing failed. */
export async function main(args: string[]): Promise<number> {
  const chosen = choose(args);
  const total: Outcome = { passed: 0, failed: 0, skipped: [] };
  for (const suite of chosen) {
    console.log(`\n== ${suite.name}: ${suite.what}`);
    const started = performance.now();
    const outcome = await suite.run();
    console.log(
      `== ${suite.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped.push(...outcome.skipped);
  }
  if (total.skipped.length > 0)
    console.log(`\nskipped:\n${total.skipped.map((name) => `  ${name}`).join('\n')}`);
  if (total.passed + total.failed === 0) {
    console.log('\nno test ran');
    total.failed = 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

function choose(args: string[]): Suite[] {
  const usage = `usage: npm test [-- --only ${suites.map((suite) => suite.name).join(',')}]`;
  if (args.length === 0) return suites;
  const [flag, names] = args;
  if (flag !== '--only' || names === undefined || args.length > 2) throw new Error(usage);
  return names.split(',').map((name) => {
    const suite = suites.find((candidate) => candidate.name === name);
    if (!suite) throw new Error(`no suite is called ${JSON.stringify(name)}; ${usage}`);
    return suite;
  });
}
