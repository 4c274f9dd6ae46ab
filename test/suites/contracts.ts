// The Foundry tests, with the `ci` profile's fuzz and invariant runs.
import { type Outcome, type Suite, tool } from './suite.ts';

type Report = Record<string, { test_results: Record<string, { status: string; reason: string | null }> }>;

export const contracts: Suite = { name: 'contracts', what: 'forge test', run };

async function run(): Promise<Outcome> {
  const { code, stdout } = await tool('forge', ['test', '--json'], {
    env: { FOUNDRY_PROFILE: 'ci' },
    capture: true,
  });
  const outcome: Outcome = { passed: 0, failed: 0, skipped: [] };
  for (const [suite, { test_results }] of Object.entries(parse(stdout))) {
    for (const [name, { status, reason }] of Object.entries(test_results)) {
      const full = `${suite.split(':').at(-1)} ${name}`;
      if (status === 'Success') outcome.passed++;
      else if (status === 'Skipped') outcome.skipped.push(full);
      else {
        outcome.failed++;
        console.log(`FAIL ${full}: ${reason ?? 'no reason given'}`);
      }
    }
  }
  if (code !== 0 && outcome.failed === 0) outcome.failed = 1;
  return outcome;
}

function parse(stdout: string): Report {
  const line = stdout.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line === undefined) {
    console.log(stdout);
    return {};
  }
  return JSON.parse(line) as Report;
}
