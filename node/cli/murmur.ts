// The command line: finds the verb, shows help, runs it.
import { UserError } from './errors.ts';
import type { Verb } from './verb.ts';

/** Every verb, loaded only when it is called. */
const verbs: Record<string, () => Promise<{ verb: Verb }>> = {
  start: () => import('./verbs/start.ts'),
  up: () => import('./verbs/up.ts'),
  simulate: () => import('./verbs/simulate.ts'),
  account: () => import('./verbs/account.ts'),
  deploy: () => import('./verbs/deploy.ts'),
  planner: () => import('./verbs/planner.ts'),
  trainer: () => import('./verbs/trainer.ts'),
  validator: () => import('./verbs/validator.ts'),
  prover: () => import('./verbs/prover.ts'),
  model: () => import('./verbs/model.ts'),
  keys: () => import('./verbs/keys.ts'),
  ceremony: () => import('./verbs/ceremony.ts'),
};

/** Runs `murmur <args>`; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    await printOverview();
    return name === undefined ? 1 : 0;
  }
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!load) throw new UserError(`unknown verb ${JSON.stringify(name)}; see \`npm run murmur -- --help\`.`);
  const { verb } = await load();
  if (rest.includes('--help')) {
    console.log(verb.help);
    return 0;
  }
  return verb.run(rest);
}

async function printOverview(): Promise<void> {
  console.log('npm run murmur -- <verb> [arguments]      --help after a verb tells more\n');
  for (const [name, load] of Object.entries(verbs)) {
    console.log(`  ${name.padEnd(12)} ${(await load()).verb.summary}`);
  }
  console.log(
    "\nnpm run -s leaves out npm's own lines. Exit code 0, or 1 after a fault, which is one line on standard error.\nStep by step, with hospitals and CSV files: node/cli/README.md",
  );
}
