// A task as an account sees it whose key is not at work here, or not here at all: nothing is sent for it.
import type { Address } from 'viem';
import { toAccount } from 'viem/accounts';
import { connect, createChainReader, createTaskChain, defaultFollowSettings } from '../../../chain/index.ts';
import type { OpenPlace } from '../place.ts';
import type { RunPlace } from './run_view.ts';

/** Looks at tasks by the eyes of accounts; each pair of them once. */
export function onlookers({
  client,
  deployment,
  settings,
}: Pick<OpenPlace, 'client' | 'deployment' | 'settings'>) {
  const known = new Map<string, RunPlace>();
  return async (task: bigint, account: Address): Promise<RunPlace> => {
    const key = `${task} ${account}`;
    const there = known.get(key);
    if (there) return there;
    const { sender } = await connect({ url: settings.rpc, deployment }, toAccount(account));
    const reader = createChainReader({ client, deployment, follow: defaultFollowSettings });
    const chain = createTaskChain({ reader, sender, task, onTransaction: () => undefined });
    const made = { client, deployment, chain };
    known.set(key, made);
    return made;
  };
}
