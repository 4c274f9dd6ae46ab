// `npm run murmur -- trainer join|run|status|leave`.
import { join, joinFlags, leave, leaveFlags, status, statusFlags } from '../membership.ts';
import { commonHelp, runFlags, runRole } from '../role.ts';
import { readSettings } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- trainer join --task N [--stake TOKENS]
npm run murmur -- trainer run --task N --data DATA
npm run murmur -- trainer status --task N
npm run murmur -- trainer leave --task N

join     bond stake and apply for a seat
run      take part until the task is over; killed at any point and started again it goes on where it was
status   seat, standing, strikes, stake and earnings
leave    while members join, take the application back; after the task, get stake and earnings out

  --data DATA         csv:FILE in the task's schema, or for demonstrations mnist:PART/OF[:mirrored]; it never leaves
                      this process
  --listen ADDRESS    multiaddr for the other trainers, can be given several times (/ip4/127.0.0.1/tcp/0)
  --stake TOKENS      pledged to the task (100)
  --weight N --proof FILE   place on the task's allow-list, if it has one
${commonHelp}

Examples
  npm run murmur -- trainer join --task 1 --stake 100
  npm run murmur -- trainer run --task 1 --data csv:patients.csv --listen /ip4/0.0.0.0/tcp/4001
  npm run murmur -- trainer run --task 1 --data mnist:5/5:mirrored`;

export const verb: Verb = { summary: 'train on data that stays here', help, run };

async function run(args: string[]): Promise<number> {
  const { action, settings } = readSettings('trainer', args, {
    join: joinFlags,
    run: [...runFlags, 'data', 'listen', 'seed'],
    status: statusFlags,
    leave: leaveFlags,
  });
  if (action === 'run') return runRole('trainer', settings);
  await { join, status, leave }[action]('trainer', settings);
  return 0;
}
