// An account at work on a task, and a task as an onlooker sees it.
import { join } from 'node:path';
import { type Deployment, developmentChains } from '@murmuration/contracts';
import type { Address, PublicClient } from 'viem';
import { toAccount } from 'viem/accounts';
import {
  connect,
  createChainReader,
  createTaskChain,
  defaultFollowSettings,
  defaultSenderSettings,
  type TaskChain,
} from '../../chain/index.ts';
import type { UnlockedAccount } from '../../keystore/index.ts';
import { createMember, type Member } from '../../roles/runtime/member.ts';
import type { Observer } from '../../roles/runtime/observer.ts';
import type { AccountSettings, ChainSettings } from '../command/flags.ts';
import { version } from '../command/version.ts';
import { unlock } from './account.ts';
import { openReader } from './deployment.ts';

/** Blocks above a block before it counts, on chains that reorganise: development chains do not. */
const defaultConfirmations = 5;

/** What opens a member: the flags of commands that sign, and what some of them add. */
export type MemberSettings = AccountSettings & {
  readonly task?: bigint;
  readonly state?: string;
  readonly confirmations?: number;
  readonly window?: number;
  readonly interval?: number;
};

/**
 * The account at work; its state folder is `--state`, or one below the home folder for its role and task.
 * @param name what it works as: `trainer`, say.
 */
export async function openMember(
  settings: MemberSettings,
  deployment: Deployment,
  name: string,
  observe: Observer = () => undefined,
): Promise<Member> {
  await openReader(settings, deployment);
  return memberOf(settings, deployment, { name, unlocked: await unlock(settings), observe });
}

/** An unlocked account at work, as {@link openMember} has it. */
export async function memberOf(
  settings: Pick<MemberSettings, 'task' | 'state' | 'home' | 'rpc' | 'confirmations' | 'window' | 'interval'>,
  deployment: Deployment,
  {
    name,
    unlocked,
    observe,
  }: { readonly name: string; readonly unlocked: UnlockedAccount; readonly observe: Observer },
): Promise<Member> {
  const place = [name, settings.task, unlocked.account.address.toLowerCase()].filter(Boolean).join('-');
  const development = developmentChains.includes(deployment.chainId);
  return createMember({
    name,
    unlocked,
    folder: settings.state ?? join(settings.home, 'state', place),
    observe,
    software: `murmur ${version()}`,
    chain: {
      url: settings.rpc,
      deployment,
      ...(settings.interval !== undefined && { interval: settings.interval }),
      follow: {
        ...defaultFollowSettings,
        confirmations: settings.confirmations ?? (development ? 0 : defaultConfirmations),
        ...(settings.window !== undefined && { window: settings.window }),
      },
      sender: { ...defaultSenderSettings, pollingInterval: development ? 100 : 1000 },
    },
  });
}

/** A task as anybody can see it. @param seat whose seat is looked at; nothing can be sent for it. */
export async function openOnlooker(
  { rpc }: Pick<ChainSettings, 'rpc'>,
  { deployment, task, seat }: { deployment: Deployment; task: bigint; seat: Address },
): Promise<{ client: PublicClient; chain: TaskChain }> {
  await openReader({ rpc }, deployment);
  const { client, sender } = await connect({ url: rpc, deployment }, toAccount(seat));
  const reader = createChainReader({ client, deployment, follow: defaultFollowSettings });
  const chain = createTaskChain({ reader, sender, task, onTransaction: () => undefined });
  return { client, chain };
}
