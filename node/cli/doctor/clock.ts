// The clock: phases end by the chain's time, and a member whose clock is off comes too late or asks for the wrong
// decrypting set.
import { nextTime } from '../../chain/index.ts';
import { bad, type Check, type Finding, note, ok } from './check.ts';
import { readPeers } from './peers.ts';

/** Seconds by which two clocks may differ: a block's time, and the way there. */
const tolerance = 30;
const mend = 'Synchronise the clock: `timedatectl set-ntp true`, or chrony.';

export const clock: Check = {
  name: 'clock',
  of: ['member', 'service'],
  async look(practice) {
    const { settings } = practice;
    if (settings.service) return [await againstHost(settings.at)];
    const client = await practice.client();
    // Of the block that is being made: a chain that makes blocks on demand has an old latest one.
    const chain = judge("the chain's", Number(await nextTime(client)) - Date.now() / 1000);
    return [chain, ...(await againstPeers(practice))];
  },
};

/** Against each peer's own word of when it announced itself, beside the time of the block that holds it. */
async function againstPeers(practice: Parameters<Check['look']>[0]): Promise<Finding[]> {
  const { task } = practice.settings;
  if (task === undefined) return [note("peers' clocks: give --task to compare them")];
  const peers = await readPeers(practice, task);
  return peers.flatMap(({ account, announced, mined }) => {
    if (announced === undefined) return [];
    const off = announced / 1000 - Number(mined);
    // It announces before its block is made, and may have waited for that.
    return Math.abs(off) <= 4 * tolerance
      ? [ok(`the clock of ${account} is the chain's within ${Math.round(Math.abs(off))} s`)]
      : [note(`the clock of ${account} was ${seconds(off)} the chain's when it announced its addresses`)];
  });
}

async function againstHost(url: string): Promise<Finding> {
  const response = await fetch(`${url.replace(/\/$/, '')}/healthz`).catch(() => undefined);
  const date = response?.headers.get('date');
  // A service that does not run is told by the check of it.
  if (!date) return note(`no clock to compare with: nothing answers at ${url}`);
  return judge(`that of ${url}`, (Date.parse(date) - Date.now()) / 1000);
}

/** @param off seconds by which the other clock is ahead. */
function judge(whose: string, off: number): Finding {
  if (Math.abs(off) <= tolerance) return ok(`this clock is ${whose} within ${Math.round(Math.abs(off))} s`);
  return bad(`this clock is ${seconds(-off)} ${whose}`, mend);
}

const seconds = (off: number): string => `${Math.round(Math.abs(off))} s ${off > 0 ? 'ahead of' : 'behind'}`;
