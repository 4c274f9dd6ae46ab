// `TaskChain` over JSON-RPC: the journal, the views and the calls of a task together.
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import type { FollowSettings } from './follow.ts';
import { type JournalSource, readJournal } from './journal_reader.ts';
import type { Sender } from './sender.ts';
import { createTaskCalls } from './task_calls.ts';
import type { TaskChain } from './task_chain.ts';
import { createTaskViews } from './task_views.ts';

/** Whose view of which task. */
export interface TaskChainSettings {
  readonly client: PublicClient;
  readonly sender: Sender;
  readonly deployment: Deployment;
  readonly task: bigint;
  readonly follow: FollowSettings;
  /** Where the journal grows; the task's own reading of the logs unless given. */
  readonly journal?: JournalSource;
  /** Told of every transaction that was mined. */
  onTransaction(call: string, gas: bigint): void;
}

/** A task on the chain of a deployment, for the sender's account. */
export function createTaskChain(settings: TaskChainSettings): TaskChain {
  const { sender, deployment, task, onTransaction } = settings;
  const source = settings.journal ?? readJournal(settings);
  const views = createTaskViews(settings);
  const calls = createTaskCalls({ sender, deployment, task, onTransaction, state: views.state });
  return {
    ...views,
    ...calls,
    chainId: deployment.chainId,
    task,
    account: sender.account.address,
    rounds: deployment.rounds,
    marketplace: deployment.marketplace,
    disputes: deployment.disputes,
    get journal() {
      return source.journal;
    },
    get height() {
      return source.height;
    },
    refresh: () => source.refresh(),
  };
}
