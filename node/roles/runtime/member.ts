// An account at work: its connection to the chain, its sealed storage on disk, and what it may do. One
// process to a state folder.

import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import {
  type AccountActions,
  type ChainReader,
  createActions,
  createChainReader,
  createClient,
  createTaskChain,
  type FollowSettings,
  type JournalSource,
  type MarketReader,
  openClient,
  type Sender,
  type SenderSettings,
  senderOf,
  type TaskChain,
} from '../../chain/index.ts';
import type { SecretBox, UnlockedAccount } from '../../keystore/index.ts';
import { openSiteLog, recordedCalls, type SiteLog } from '../../site/index.ts';
import { openState } from '../../state/index.ts';
import type { Observer } from './observer.ts';
import { openPlaces, type Places } from './places.ts';
import { siteLogFolder } from './recorded.ts';
import { scopeOf, type TaskPlace } from './seeds.ts';
import { createRoleStorage, type RoleStorage } from './storage.ts';

/** How an account reaches its chain. */
export interface ChainSettings {
  /** Of the node's JSON-RPC. */
  readonly url: string;
  readonly deployment: Deployment;
  readonly follow: FollowSettings;
  /** `pollingInterval` in milliseconds. */
  readonly sender: SenderSettings & { readonly pollingInterval?: number };
  /** Milliseconds between two looks at the latest block; `pollingInterval` unless given. */
  readonly interval?: number;
  /** What the accounts of a process read the chain with together; an account's own unless given. */
  readonly reader?: ChainReader;
}

/** What makes an account a member. */
export interface MemberSettings {
  /** For logs: `trainer 2`, say. */
  readonly name: string;
  readonly unlocked: UnlockedAccount;
  readonly chain: ChainSettings;
  /** The member's folder of state. */
  readonly folder: string;
  readonly observe: Observer;
  /** Name and version of the program, for the site's log. */
  readonly software?: string;
}

/** An account that is connected and can take part in tasks. */
export interface Member {
  readonly name: string;
  readonly actions: AccountActions;
  readonly client: PublicClient;
  readonly secretBox: SecretBox;
  readonly deployment: Deployment;
  readonly signer: UnlockedAccount['account'];
  /** Which tasks its state folder is of. */
  readonly places: Places;
  /** Sends the account's transactions. */
  readonly sender: Sender;
  /** What leaves in the account's name. */
  readonly log: SiteLog;
  /** What the member remembers of a task. */
  storage(place: TaskPlace): RoleStorage;
  /** The chain as this account sees a task; one for each task, however often it is asked for. */
  chain(task: bigint): TaskChain;
  /** All tasks of the deployment, in one reading of its logs. */
  market(): MarketReader;
  /** A task on a journal that grows elsewhere. @param mined is told of every transaction, beside the observer. */
  chainOn(task: bigint, journal: JournalSource, mined: (call: string, gas: bigint) => void): TaskChain;
  /** Lets go of the state folder. */
  close(): Promise<void>;
}

/** What accounts of one process read a chain with together: one look serves all of them. */
export function readTogether({
  url,
  deployment,
  follow,
  sender,
  interval,
}: Omit<ChainSettings, 'reader'>): ChainReader {
  const client = createClient({ url, deployment, settings: sender });
  return createChainReader({ client, deployment, follow, freshFor: interval ?? client.pollingInterval });
}

/**
 * Connects an account and opens its storage.
 * @throws where another process has the folder, or the chain is another than the deployment's.
 */
export async function createMember(settings: MemberSettings): Promise<Member> {
  const { name, unlocked, folder, observe } = settings;
  const { account: signer, secretBox } = unlocked;
  const { url, deployment } = settings.chain;
  const reader = settings.chain.reader ?? readTogether(settings.chain);
  const endpoint = { url, deployment, settings: settings.chain.sender, reader };
  const client = await openClient(endpoint);
  const state = await openState(folder);
  const { confirmations } = settings.chain.follow;
  const owner = { deployment, signer, secretBox };
  const chains = new Map<bigint, TaskChain>();
  const roundNow = () => {
    const [chain] = chains.values();
    return chain?.journal.rounds.at(-1)?.number ?? 0;
  };
  const log = await openLog(settings, client, roundNow).catch(async (error: unknown) => {
    await state.close();
    throw error;
  });
  const sender = senderOf(endpoint, { client, account: signer, outgoing: recordedCalls(log) });
  const onTransaction = (call: string, gas: bigint) =>
    observe({ type: 'transaction', account: signer.address, round: roundNow(), call, gas });
  return {
    name,
    signer,
    secretBox,
    client,
    sender,
    log,
    actions: createActions({ client, sender, deployment, onTransaction }),
    deployment,
    places: openPlaces({ state, client, owner, confirmations }),
    storage: (place) => createRoleStorage(state, secretBox, scopeOf(deployment, place)),
    chain(task) {
      const known = chains.get(task);
      if (known) return known;
      const chain = createTaskChain({ reader, sender, task, onTransaction });
      chains.set(task, chain);
      return chain;
    },
    market: () => reader.market(),
    chainOn(task, journal, mined) {
      const onMined = (call: string, gas: bigint) => {
        const round = journal.journal.rounds.at(-1)?.number ?? 0;
        observe({ type: 'transaction', account: signer.address, round, call, gas });
        mined(call, gas);
      };
      return createTaskChain({ reader, sender, task, journal, onTransaction: onMined });
    },
    async close() {
      // A log that cannot be written must not keep the folder.
      await log.close().finally(() => state.close());
    },
  };
}

async function openLog(
  { unlocked, folder, chain: { deployment }, software = 'murmuration' }: MemberSettings,
  client: PublicClient,
  round: () => number,
): Promise<SiteLog> {
  const { address } = unlocked.account;
  return openSiteLog({
    folder: siteLogFolder(folder),
    account: address,
    chainId: deployment.chainId,
    marketplace: deployment.marketplace,
    sent: await client.getTransactionCount({ address, blockTag: 'latest' }),
    software,
    round,
  });
}
