// `TaskChain` over JSON-RPC: the journal, the views and the calls of a task together.
import type { ChainReader } from './chain_reader.ts';
import type { JournalSource } from './journal_reader.ts';
import type { Sender } from './sender.ts';
import { createTaskCalls } from './task_calls.ts';
import type { TaskChain } from './task_chain.ts';

/** Whose view of which task. */
export interface TaskChainSettings {
  readonly reader: ChainReader;
  readonly sender: Sender;
  readonly task: bigint;
  /** Where the journal grows; the reader's of the task unless given. */
  readonly journal?: JournalSource;
  /** Told of every transaction that was mined. */
  onTransaction(call: string, gas: bigint): void;
}

/** A task on the chain of a deployment, for the sender's account. */
export function createTaskChain(settings: TaskChainSettings): TaskChain {
  const { reader, sender, task, onTransaction } = settings;
  const { deployment } = reader;
  const source = settings.journal ?? reader.journal(task);
  const views = reader.views(task);
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
    news: (since, waiting) => source.news(since, waiting),
  };
}
