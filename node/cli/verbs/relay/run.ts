// The work of `murmur relay`.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, type PublicClient, zeroAddress } from 'viem';
import { onSilence, type TaskChain } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { createPeer, type Directory, peerKey, peerLimits } from '../../../peer/index.ts';
import { memberOf } from '../../../roles/directory.ts';
import { loop } from '../../../roles/runtime/loop.ts';
import { makeFolder, writeAtomically } from '../../../state/index.ts';
import type { Settings } from '../../command/flag.ts';
import { isMissing } from '../../files/read.ts';
import { createReporter } from '../../member/report.ts';
import { openDeployment } from '../../open/deployment.ts';
import { openOnlooker } from '../../open/member.ts';
import { onInterrupt } from '../../output/interrupt.ts';
import type { relayFlags } from './flags.ts';

/** Relays for the members of some tasks until these are over, or it is interrupted. */
export async function runRelay(settings: Settings<typeof relayFlags>): Promise<void> {
  const { task: tasks, listen = ['/ip4/0.0.0.0/tcp/4001'], announce = [], home, interval, json } = settings;
  if (listen.includes('none'))
    throw new NodeError('input', '--listen is none, but a relay is there to be reached');
  const { say, observe } = createReporter(json);
  const deployment = await openDeployment(settings);
  const open = new Map<bigint, TaskChain>();
  const clients: PublicClient[] = [];
  for (const task of new Set(tasks)) {
    const { client, chain } = await openOnlooker(settings, { deployment, task, seat: zeroAddress });
    clients.push(client);
    open.set(task, chain);
  }
  const ending = Promise.withResolvers<void>();
  const peer = createPeer({
    key: await peerKey(await ownSeed(join(home, 'relay'))),
    directory: membersOf(open),
    listen,
    announce,
    limits: peerLimits(),
  });
  const role = 'relay';
  const look = async () => {
    for (const [task, chain] of open) {
      await chain.refresh();
      const { status } = await chain.state();
      if (status !== 'ended' && status !== 'cancelled') continue;
      open.delete(task);
      say(`task ${task} is ${status}: its members are served no more`);
    }
    if (open.size === 0) ending.resolve();
  };
  const watching = loop(look, {
    interval,
    silence(listener) {
      const ends = clients.map((client) => onSilence(client, listener));
      return () => {
        for (const end of ends) end();
      };
    },
    onError: (error) => observe({ type: 'fault', account: zeroAddress, role, error }),
    onBack: (outage) => say(`${role} has its ${outage} again`),
    onFinal: ending.reject,
  });
  const takeBack = onInterrupt(ending.resolve);
  try {
    await peer.start();
    await watching.start();
    const relays = peer
      .addresses()
      .map((address) => (announce.includes(address) ? `${address}/p2p/${peer.id}` : address));
    say(`relays for members of task ${tasks.join(', ')}: --relay ${relays.join(' or ')}`);
    await ending.promise;
  } finally {
    takeBack();
    await watching.stop();
    await peer.stop();
  }
}

/** The members of tasks, by the peers that they registered on chain. */
function membersOf(tasks: ReadonlyMap<bigint, TaskChain>): Directory {
  const accountOf = (peer: string): Address | undefined => {
    for (const chain of tasks.values()) {
      const account = memberOf(chain, peer);
      if (account !== undefined) return account;
    }
    return undefined;
  };
  return { accountOf, locate: () => undefined, relays: () => [], isRelay: () => false };
}

/** The seed of the relay's identity, made at its first start: members know the relay by it. */
async function ownSeed(folder: string): Promise<Uint8Array> {
  const file = join(folder, 'key');
  try {
    return await readFile(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const seed = randomBytes(32);
    await makeFolder(folder);
    await writeAtomically(file, seed, { create: true });
    return seed;
  }
}
