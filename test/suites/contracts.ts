// The Foundry tests, as often as the profile `ci` says, or `long` with `--all`; their gas against the snapshots.
import { count, type Outcome, type Running, type Suite, tool } from './suite.ts';

type Report = Record<string, { test_results: Record<string, { status: string; reason: string | null }> }>;

export const contracts: Suite = { name: 'contracts', what: 'forge test', run };

async function run({ all = false }: Running = {}): Promise<Outcome> {
  const env = { FOUNDRY_PROFILE: all ? 'long' : 'ci' };
  const { code, stdout } = await tool('forge', ['test', '--json'], { env, capture: true });
  const outcome: Outcome = { passed: 0, failed: [], skipped: [] };
  for (const [suite, { test_results }] of Object.entries(parse(stdout))) {
    for (const [name, { status, reason }] of Object.entries(test_results)) {
      const full = `${suite.split(':').at(-1)} ${name}`;
      if (status === 'Success') outcome.passed++;
      else if (status === 'Skipped') outcome.skipped.push(full);
      else count(outcome, full, false, reason ?? 'no reason given');
    }
  }
  if (code !== 0 && outcome.failed.length === 0)
    count(outcome, 'forge test', false, `ends with ${code}, and tells of no test that failed`);
  else if (outcome.passed + outcome.failed.length === 0) count(outcome, 'forge test', false, 'ran no test');
  count(outcome, 'the snapshots of gas', await keepsItsGas(env));
  return outcome;
}

/** Compares gas with `snapshots/`, which forge does not do while it reports as JSON. */
async function keepsItsGas(env: Record<string, string>): Promise<boolean> {
  const options = { env, capture: true };
  const { code, stdout } = await tool('forge', ['test', '--match-contract', 'GasTest'], options);
  if (code !== 0) console.log(stdout);
  return code === 0;
}

function parse(stdout: string): Report {
  const line = stdout.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line === undefined) {
    console.log(stdout);
    return {};
  }
  return JSON.parse(line) as Report;
}
