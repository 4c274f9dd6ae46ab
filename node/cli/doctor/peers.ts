// The other members' peers: announced, and reached from here. A trainer that nobody reaches does not take part in
// rings; its ciphertexts still travel through the store.
import { connect } from 'node:net';
import type { Address } from 'viem';
import { readTask } from '../../chain/index.ts';
import { checkRegistration } from '../../peer/index.ts';
import { topicOf } from '../../protocol/index.ts';
import { chooseAccount } from '../open/account.ts';
import { openOnlooker } from '../open/member.ts';
import { openStore } from '../open/store.ts';
import { bad, type Check, type Finding, note, ok, type Practice } from './check.ts';

/** A member's last announcement. */
export interface PeerAnnouncement {
  readonly account: Address;
  /** Multiaddrs; none where the announcement could not be read. */
  readonly addresses: readonly string[];
  /** When its own clock said that it announced, in milliseconds; undefined likewise. */
  readonly announced: number | undefined;
  /** When the block that has it was made: seconds, chain time. */
  readonly mined: bigint;
}

const maxRegistration = 8192;
/** Milliseconds that a connection may take. */
const patience = 4000;

/** What the members of a task announced, this account's own apart. */
export async function readPeers(practice: Practice, task: bigint): Promise<PeerAnnouncement[]> {
  const { settings } = practice;
  const deployment = await practice.deployment();
  const own = await chooseAccount(settings);
  const { chain } = await openOnlooker(settings, { deployment, task, seat: own });
  await chain.refresh();
  const topic = topicOf('peer', 0);
  const last = new Map(
    chain.journal.announcements
      .filter((each) => each.topic === topic && each.sender !== own)
      .map((each) => [each.sender, each]),
  );
  const posted = await readTask(await practice.client(), deployment, task);
  const store = await openStore(settings, deployment, posted);
  const domain = { chainId: deployment.chainId, contract: deployment.rounds };
  try {
    return await Promise.all(
      Array.from(last, async ([account, { digest, block }]): Promise<PeerAnnouncement> => {
        const mined = await chain.timeOf(block);
        try {
          const signal = AbortSignal.timeout(2 * patience);
          const bytes = await store.get(digest, { maxBytes: maxRegistration, signal });
          const { addresses, sequence } = await checkRegistration(
            domain,
            JSON.parse(new TextDecoder().decode(bytes)),
          );
          return { account, addresses, announced: sequence, mined };
        } catch {
          return { account, addresses: [], announced: undefined, mined };
        }
      }),
    );
  } finally {
    await store.stop();
  }
}

export const peers: Check = {
  name: 'peers',
  of: ['member'],
  async look(practice) {
    const { task } = practice.settings;
    if (task === undefined) return [note('give --task to reach for the other members')];
    const announced = await readPeers(practice, task);
    if (announced.length === 0) return [note(`no other member of task ${task} has announced its addresses`)];
    return Promise.all(announced.map(reach));
  },
};

async function reach({ account, addresses, announced }: PeerAnnouncement): Promise<Finding> {
  if (announced === undefined)
    return bad(`the addresses of ${account} cannot be read`, 'Check --store: all members share one.');
  if (addresses.length === 0)
    return note(`${account} has no inbound port: it is reached through other members`);
  for (const address of addresses) if (await answers(address)) return ok(`${account} answers at ${address}`);
  return bad(
    `${account} answers at none of ${addresses.join(', ')}`,
    "Ask whether it runs and --listen is an address that others reach; look at this machine's firewall.",
  );
}

/** Whether a multiaddr takes a TCP connection: the member's own, or that of the relay which it is behind. */
function answers(address: string): Promise<boolean> {
  const found = /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d+)/.exec(address);
  if (!found) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: found[1]!, port: Number(found[2]), timeout: patience });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
