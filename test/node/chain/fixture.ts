// What the chain tests share: a development chain with the contracts, accounts with money, and a small task.

import {
  type Anvil,
  createAnvil,
  type Deployment,
  deploy,
  type NewTask,
  presetId,
  selectors,
} from '@murmuration/contracts';
import { createPublicClient, http, type PublicClient, parseEther, zeroHash } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { type AccountActions, connect, createActions, type Sender } from '../../../node/chain/index.ts';
import { defaultDeadlines, defaultEconomics, defaultRules } from '../../../node/demo/index.ts';
import { fund } from '../../../node/local/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { presetKeys } from '../../contracts/keys.ts';

export interface Site {
  anvil: Anvil;
  deployment: Deployment;
  client: PublicClient;
  /** A method of anvil. */
  rpc(method: string, ...params: unknown[]): Promise<unknown>;
}

export async function openSite(): Promise<Site> {
  const anvil = createAnvil();
  await anvil.start();
  const deployment = await deploy({
    url: anvil.url,
    account: anvil.account(0),
    presets: [presetKeys('tiny')],
    cacheFolder,
  });
  const client = createPublicClient({ transport: http(anvil.url), cacheTime: 0, pollingInterval: 20 });
  return {
    anvil,
    deployment,
    client,
    rpc: (method, ...params) => client.request({ method, params } as never),
  };
}

/** A member's memory of the posts that it joins, which remembers none: for tests in which no chain is begun anew. */
export const openPlaces = { enter: async () => undefined } as const;

export interface Person {
  account: PrivateKeyAccount;
  sender: Sender;
  actions: AccountActions;
}

/** An account with money, the same every time for a number. */
export async function person({ anvil, deployment }: Site, number: number): Promise<Person> {
  const account = privateKeyToAccount(`0x${number.toString(16).padStart(64, '0')}`);
  await fund(
    { url: anvil.url, deployment },
    {
      to: account.address,
      ether: parseEther('10'),
      tokens: 1_000_000n * token,
    },
  );
  const settings = { gasHeadroom: 30, receiptTimeout: 10_000, pollingInterval: 20 };
  const { client, sender } = await connect({ url: anvil.url, deployment, settings }, account);
  return { account, sender, actions: createActions({ client, sender, deployment }) };
}

/** A task of two trainers and two validators. */
export const smallTask: NewTask = {
  parameters: {
    metadata: `0x${'11'.repeat(32)}`,
    model: `0x${'22'.repeat(32)}`,
    preset: presetId('tiny'),
    members: zeroHash,
    normBound: 96n * 3600n,
    probeNormBound: 96n * 1600n,
    modelSize: 1000,
    chunks: 2,
    rounds: 3,
    selector: selectors.indexOf('leader'),
    minTrainers: 2,
    maxTrainers: 2,
    minValidators: 2,
    maxValidators: 2,
    threshold: 2,
    scale: 1n << 40n,
    target: 30,
  },
  economics: defaultEconomics,
  rules: defaultRules,
  deadlines: defaultDeadlines,
};
