// Where the desk stands: the chain that was named, or the example. It opens by and by, while the page is there already.
import { join } from 'node:path';
import type { Deployment } from '@murmuration/contracts';
import type { Place } from '@murmuration/desk';
import type { Address, PublicClient } from 'viem';
import { readStake } from '../../chain/index.ts';
import type { DemoPreset } from '../../demo/index.ts';
import type { ChainSettings } from '../command/flags.ts';
import type { StoreSettings } from '../open/content_place.ts';
import { openDeployment, openReader } from '../open/deployment.ts';
import type { KeysSettings } from '../open/keys.ts';
import { balancesOf } from '../open/money.ts';
import { faultOf } from '../output/fault.ts';
import type { DeskAccounts } from './accounts.ts';
import { awaitChain } from './await_chain.ts';
import { type Example, openExample } from './example.ts';

/** What says where a desk stands. */
export type PlaceSettings = Omit<ChainSettings, 'deployment' | 'json'> & {
  /** The chain's; without it, the example. */
  readonly deployment?: string;
  /** Of a chain that was named: what acts, and where others reach a trainer. */
  readonly accounts?: Pick<DeskAccounts, 'chosen'> | undefined;
  readonly preset: DemoPreset;
  readonly cache: string;
  readonly keys?: readonly string[];
};

/** A chain that can be looked at. */
export interface OpenPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly settings: StoreSettings & KeysSettings & Pick<ChainSettings, 'rpc'>;
  account(): Address | undefined;
  /** The example, which leaves a seat of each of its tasks to the desk's account. */
  readonly example?: Pick<Example, 'free' | 'planner' | 'join' | 'joinFault' | 'rowsOf' | 'tasks'>;
}

/** A desk's place. */
export interface DeskPlace {
  /** How far it is, and what its account has. */
  state(): Promise<Place>;
  /** Undefined while it is not open. */
  readonly open: OpenPlace | undefined;
  /** Hears of every step. @returns what takes this back */
  listen(hear: () => void): () => void;
  /** Resolves once it is open, or has failed. */
  readonly settled: Promise<void>;
  stop(): Promise<void>;
}

/** @param say hears of every step. */
export function openPlace(settings: PlaceSettings, tell: (text: string) => void): DeskPlace {
  const { deployment: file } = settings;
  const listeners = new Set<() => void>();
  let [says, open, fault]: [string, OpenPlace?, Place['fault']?] = ['opens'];
  let example: Example | undefined;
  const say = (text: string) => {
    says = text;
    tell(text);
    for (const hear of listeners) hear();
  };

  const ending = new AbortController();

  async function begin(): Promise<OpenPlace> {
    if (file !== undefined) {
      const deployment = await openDeployment({ deployment: file });
      await awaitChain(settings.rpc, say, ending.signal);
      return {
        client: await openReader(settings, deployment),
        deployment,
        settings,
        account: () => settings.accounts?.chosen,
      };
    }
    example = await openExample({ ...settings, say });
    const { rpc, deployment, home, free } = example;
    const place = { ...settings, rpc, home, store: join(home, 'store') };
    return {
      client: await openReader(place, deployment),
      deployment,
      settings: place,
      account: () => free.account.account.address,
      example,
    };
  }

  const settled = begin().then(
    (opened) => {
      open = opened;
      say(file === undefined ? 'the example is open' : 'the chain is open');
    },
    (error: unknown) => {
      if (ending.signal.aborted) return;
      fault = faultOf(error);
      say(fault.message);
    },
  );

  return {
    get open() {
      return open;
    },
    settled,
    async state() {
      const account = open?.account();
      return {
        kind: file === undefined ? 'example' : 'chain',
        state: fault ? 'failed' : open ? 'open' : 'opening',
        says,
        ...(open && { chainId: open.deployment.chainId }),
        ...(open && account && { account: await moneyOf(open, account) }),
        ...(open?.example && {
          seat: { tasks: open.example.tasks().map(String), pledge: `${open.example.free.stake}` },
        }),
        ...(fault && { fault }),
      };
    },
    listen(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
    async stop() {
      ending.abort();
      // What is half open cannot be closed.
      await settled;
      await example?.stop();
    },
  };
}

async function moneyOf({ client, deployment }: OpenPlace, account: Address): Promise<Place['account']> {
  const [{ ether, tokens }, { free, credit }] = await Promise.all([
    balancesOf(client, deployment, account),
    readStake(client, deployment, account),
  ]);
  return {
    address: account,
    ether: `${ether}`,
    tokens: `${tokens}`,
    free: `${free}`,
    claimable: `${credit}`,
  };
}
