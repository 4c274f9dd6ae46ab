// What the tasks of a long run stand on, one after the other: one chain behind a provider, one store, one set of tools,
// and the accounts of members that stay from task to task.
import { mkdirSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Anvil, createAnvil, type Deployment, deploy } from '@murmuration/contracts';
import type { KeySet } from '@murmuration/prover';
import { createPublicClient, http, type PublicClient } from 'viem';
import { connect, createActions, defaultSenderSettings } from '../../../node/chain/index.ts';
import type { UnlockedAccount } from '../../../node/keystore/index.ts';
import type { Ground } from '../../../node/local/assembly.ts';
import type { Closers } from '../../../node/local/closers.ts';
import { localOptions, presetKeys } from '../../../node/local/index.ts';
import { localChain, newAccount } from '../../../node/local/members.ts';
import { startTools } from '../../../node/local/tools.ts';
import { createFolderStore, type FolderStore } from '../../../node/store/index.ts';
import { openProvider, type Provider } from '../../../test/node/chain/provider.ts';
import { halves } from './left_over.ts';

/** The preset of all tasks. */
export const preset = 'tiny';
/** Seconds that stake waits in the queue: no longer than a long run needs. */
const withdrawalDelay = 2;

/** The ground of all tasks. */
export interface LongGround {
  readonly folder: string;
  readonly keys: KeySet;
  readonly deployment: Deployment;
  /** Reads the chain past its provider. */
  readonly client: PublicClient;
  readonly url: string;
  readonly provider: Provider;
  readonly store: FolderStore;
  /** For one task: its members read the chain together, as those of one process. */
  ground(): Ground;
  /** How many tasks the member of a seat has been in, this one included. */
  tasksOf(name: string): number;
  /**
   * Lets a member go, whose processes have ended, with its pay and its stake: the seat's next one has another account and
   * another folder.
   */
  dismiss(name: string): Promise<void>;
  /** Lets everybody go. */
  dismissAll(): Promise<void>;
}

/** Opens it below a folder. */
export async function openGround(folder: string, cacheFolder: string, closers: Closers): Promise<LongGround> {
  const options = localOptions.parse({ preset });
  const { keys, tools } = await startTools({ options, cacheFolder, say: () => undefined }, closers);
  const anvil: Anvil = createAnvil();
  await anvil.start();
  closers.add(() => anvil.stop());
  const { url } = anvil;
  const provider = await openProvider(url);
  closers.add(() => provider.stop());
  const account = anvil.account(0);
  const deployment = await deploy({
    url,
    account,
    presets: [presetKeys(keys)],
    cacheFolder,
    withdrawalDelay,
  });
  const store = createFolderStore(join(folder, 'store'));
  await store.start();
  closers.add(() => store.stop());
  const seats = new Map<string, { readonly account: UnlockedAccount; tasks: number }>();
  let gone = 0;
  mkdirSync(join(folder, 'gone'));
  async function dismiss(name: string): Promise<void> {
    const seat = seats.get(name);
    if (!seat) return;
    await payOut({ url, deployment }, seat.account.account);
    seats.delete(name);
    gone += 1;
    renameSync(stateOf(folder, name), join(folder, 'gone', `${gone}`));
  }
  return {
    folder,
    keys,
    deployment,
    client: createPublicClient({ transport: http(url) }),
    url,
    provider,
    store,
    ground: () => ({
      chain: localChain({ url: provider.url, deployment }),
      store,
      tools,
      folder: join(folder, 'state'),
      async account(name) {
        const seat = seats.get(name) ?? { account: newAccount(), tasks: 0 };
        seats.set(name, seat);
        seat.tasks += 1;
        return seat.account;
      },
    }),
    tasksOf: (name) => seats.get(name)?.tasks ?? 0,
    dismiss,
    async dismissAll() {
      for (const name of [...seats.keys()]) await dismiss(name);
    },
  };
}

/** Gets an account's pay and all its stake out of the vault. */
async function payOut(
  { url, deployment }: Pick<LongGround, 'url' | 'deployment'>,
  account: UnlockedAccount['account'],
): Promise<void> {
  const { client, sender } = await connect({ url, deployment, settings: defaultSenderSettings }, account);
  const actions = createActions({ client, sender, deployment });
  await actions.claim();
  const { free, queued } = await actions.stake();
  if (free > 0n) await actions.queue(free);
  if (free + queued === 0n) return;
  await sleep((withdrawalDelay + 1) * 1000);
  await actions.withdraw();
}

/** A member's folder of state. */
export const stateOf = (folder: string, name: string): string =>
  join(folder, 'state', name.replaceAll(' ', '-'));

/** How many halves are left in a store that is opened again an hour later. */
export async function halvesAfterAnHour(folder: string): Promise<number> {
  const before = new Date(Date.now() - 2 * 3600_000);
  for (const name of halves(folder)) utimesSync(join(folder, 'unfinished', name), before, before);
  const again = createFolderStore(folder);
  await again.start();
  await again.stop();
  return halves(folder).length;
}
