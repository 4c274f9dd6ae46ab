// The command line: finds the verb, shows help, runs it.
import { UserError } from './errors.ts';
import type { Verb } from './verb.ts';

/** Every verb, loaded only when it is called. */
const verbs: Record<string, () => Promise<{ verb: Verb }>> = {
  up: () => import('./up.ts'),
  simulate: () => import('./simulate.ts'),
  account: () => import('./account.ts'),
  deploy: () => import('./deploy.ts'),
  planner: () => import('./planner.ts'),
  trainer: () => import('./trainer.ts'),
  validator: () => import('./validator.ts'),
  prover: () => import('./prover.ts'),
  model: () => import('./model.ts'),
  keys: () => import('./keys.ts'),
  ceremony: () => import('./ceremony.ts'),
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
