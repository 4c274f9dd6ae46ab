// `npm run murmur -- prover run`.
import { commonHelp, runFlags, runRole } from './role.ts';
import { readSettings } from './settings.ts';
import type { Verb } from './verb.ts';

const help = `npm run murmur -- prover run --task N [--stake TOKENS]

Opens the sums of every round with the shares that trainers publish, and proves them for a fee. It needs no seat, but
free stake for a sum that fails: what is missing of --stake is bonded. It also pushes the task on whenever it may.

  --stake TOKENS      kept free (100)
${commonHelp}

Examples
  npm run murmur -- prover run --task 1`;

export const verb: Verb = { summary: 'open and prove the sums of a task, for a fee', help, run };

async function run(args: string[]): Promise<number> {
  const { settings } = readSettings('prover', args, { run: [...runFlags, 'stake'] });
  return runRole('prover', settings);
}
