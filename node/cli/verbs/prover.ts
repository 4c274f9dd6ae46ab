// `npm run murmur -- prover run|leave`.
import { leave, leaveFlags } from '../membership.ts';
import { commonHelp, runFlags, runRole } from '../role.ts';
import { readSettings } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- prover run --task N [--stake TOKENS]
npm run murmur -- prover leave --task N

run      open and prove the sums of a task until it is over; killed and started again it goes on
leave    get fees and free stake out

It opens the sums of every round with the shares that trainers publish, and proves them for a fee. It needs no seat, but
free stake for a sum that fails: what is missing of --stake is bonded. It also pushes the task on whenever it may.

  --stake TOKENS      kept free (100)
${commonHelp}

Examples
  npm run murmur -- prover run --task 1`;

export const verb: Verb = { summary: 'open and prove the sums of a task, for a fee', help, run };

async function run(args: string[]): Promise<number> {
  const { action, settings } = readSettings('prover', args, {
    run: [...runFlags, 'stake'],
    leave: leaveFlags,
  });
  if (action === 'run') return runRole('prover', settings);
  await leave('prover', settings);
  return 0;
}
