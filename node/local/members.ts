// The members of a local federation: each with an account of its own, and money of the development chain.
import { join } from 'node:path';
import { hexToBytes } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { defaultFollowSettings } from '../chain/index.ts';
import { accountOf, createSecretBox, type UnlockedAccount } from '../keystore/index.ts';
import {
  type ChainSettings,
  createMember,
  type Member,
  type Observer,
  readTogether,
} from '../roles/index.ts';

/**
 * Milliseconds between two looks at the embedded chain, for what other processes do there: of what one account of this
 * process sends, all others hear at once.
 */
const interval = 250;

/** How accounts of this process reach the embedded chain: together. */
export const localChain = ({ url, deployment }: Pick<ChainSettings, 'url' | 'deployment'>): ChainSettings => {
  const sender = { gasHeadroom: 30, receiptTimeout: 60_000, pollingInterval: 25 };
  const settings = { url, deployment, follow: defaultFollowSettings, sender, interval };
  return { ...settings, reader: readTogether(settings) };
};

/** A new account, which lives as long as the process. */
export function newAccount(): UnlockedAccount {
  const key = hexToBytes(generatePrivateKey());
  return { account: accountOf(key), secretBox: createSecretBox(key) };
}

/** Where members work. */
export interface MemberPlace {
  readonly chain: ChainSettings;
  /** Each member has its state below, in a folder of its own. */
  readonly folder: string;
  readonly observe: Observer;
}

/** An account at work. */
export async function createLocalMember(
  { chain, folder, observe }: MemberPlace,
  { name, unlocked }: { name: string; unlocked: UnlockedAccount },
): Promise<Member> {
  const own = join(folder, name.replaceAll(' ', '-'));
  return createMember({ name, unlocked, chain, folder: own, observe });
}
