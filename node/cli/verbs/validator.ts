// `npm run murmur -- validator join|run|status|leave`.
import { join, joinFlags, leave, leaveFlags, status, statusFlags } from '../membership.ts';
import { commonHelp, runFlags, runRole } from '../role.ts';
import { readSettings } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- validator join --task N [--stake TOKENS]
npm run murmur -- validator run --task N --data DATA
npm run murmur -- validator status --task N
npm run murmur -- validator leave --task N

join     bond stake and apply for a seat
run      probe and vote until the task is over; killed at any point and started again it goes on where it was
status   seat, standing, stake and earnings
leave    while members join, take the application back; after the task, get stake and earnings out

  --data DATA         hold-out data: csv:FILE in the task's schema, or for demonstrations mnist:PART/OF
  --stake TOKENS      pledged to the task (100)
  --weight 1 --proof FILE   place on the task's allow-list, if it has one
${commonHelp}

Examples
  npm run murmur -- validator join --task 1
  npm run murmur -- validator run --task 1 --data csv:holdout.csv
  npm run murmur -- validator run --task 1 --data mnist:1/3`;

export const verb: Verb = { summary: 'judge models on hold-out data', help, run };

async function run(args: string[]): Promise<number> {
  const { action, settings } = readSettings('validator', args, {
    join: joinFlags,
    run: [...runFlags, 'data', 'seed'],
    status: statusFlags,
    leave: leaveFlags,
  });
  if (action === 'run') return runRole('validator', settings);
  await { join, status, leave }[action]('validator', settings);
  return 0;
}
