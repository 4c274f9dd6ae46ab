// The members of a local federation: each with an account of its own, made for the run, and money of the development chain.
import { join } from 'node:path';
import { hexToBytes, parseEther } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { defaultFollowSettings } from '../chain/index.ts';
import { secretBox, type UnlockedAccount } from '../keystore/index.ts';
import { type ChainSettings, createMember, type Member } from '../roles/runtime/member.ts';
import type { Observer } from '../roles/runtime/observer.ts';
import { fund } from './funds.ts';

/** How accounts on this machine reach the embedded chain. */
export const localChain = ({
  url,
  deployment,
}: Pick<ChainSettings, 'url' | 'deployment'>): ChainSettings => ({
  url,
  deployment,
  follow: defaultFollowSettings,
  sender: { gasHeadroom: 30, receiptTimeout: 60_000, pollingInterval: 100 },
});

/** A new account. */
export function newAccount(): UnlockedAccount {
  const key = generatePrivateKey();
  return { account: privateKeyToAccount(key), box: secretBox(hexToBytes(key)) };
}

/** An account at work. One without ether gets some for gas, and `tokens` of the development token. */
export async function createLocalMember(
  name: string,
  unlocked: UnlockedAccount,
  chain: ChainSettings,
  folder: string,
  tokens: bigint,
  observe: Observer,
): Promise<Member> {
  const member = await createMember({
    name,
    unlocked,
    chain,
    folder: join(folder, name.replaceAll(' ', '-')),
    observe,
  });
  const { address } = unlocked.account;
  if ((await member.client.getBalance({ address })) === 0n)
    await fund(chain, address, parseEther('10'), tokens);
  return member;
}
