// What the content of a task is checked with.
import type { Deployment } from '@murmuration/contracts';
import { reasonOf } from '@murmuration/core';
import type { He, KeyGroup } from '@murmuration/he';
import type { Prover } from '@murmuration/prover';
import { type Address, getAddress } from 'viem';
import type { Journal } from '../../chain/index.ts';
import { type KeyingPlan, loadKeyGroup } from '../../cryptography/index.ts';
import type { ModelLayout, TaskDescription } from '../../learn/index.ts';
import { type Binding, epochId, type Subject } from '../../protocol/index.ts';
import { mayStillCome } from '../../store/index.ts';
import type { Checks } from '../checks.ts';
import type { NotedStore } from './contents.ts';

/** What the content of a task is checked with. */
export interface Setting {
  readonly deployment: Deployment;
  readonly task: bigint;
  readonly journal: Journal;
  readonly he: He;
  readonly prover: Prover;
  readonly contents: NotedStore;
  readonly checks: Checks;
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
  /** t. */
  readonly threshold: number;
}

/** The key that a task runs under, and the accounts of its members in their order. */
export interface FormedKey {
  /** The epoch that made it. */
  readonly epoch: number;
  readonly group: KeyGroup;
  readonly trainers: readonly Address[];
}

/** What of a round is bound to its sender. */
export const boundTo = (
  { deployment, task }: Setting,
  subject: Subject,
  round: number,
): Omit<Binding<Subject>, 'sender'> => ({
  subject,
  chainId: deployment.chainId,
  contract: deployment.rounds,
  task,
  round,
});

/** Forms the key again that the trainers confirmed. @returns undefined where it cannot be formed. */
export async function formKey(setting: Setting): Promise<FormedKey | undefined> {
  const { journal, deployment, task, he, contents, checks, threshold } = setting;
  const number = Math.max(...journal.epochs.keys());
  const epoch = journal.epochs.get(number)!;
  const about = { kind: 'key', subject: `common key of epoch ${number}` } as const;
  const keyShares = epoch.trainers.map((account) => epoch.keys.get(account)?.keyShare ?? '0x');
  const id = { chainId: deployment.chainId, marketplace: deployment.marketplace, task, number };
  const plan: KeyingPlan = { epoch: epochId(id), threshold, trainers: epoch.trainers, keyShares };
  const store = contents.of('key share');
  try {
    const group = await loadKeyGroup({ he, store }, plan);
    const found = Buffer.from(group.id).toString('hex');
    const holds = journal.collectiveKey === `0x${found}`;
    checks.enter(
      about,
      holds,
      `the key shares give key 0x${found}, the trainers confirmed ${journal.collectiveKey}`,
    );
    return { epoch: number, group, trainers: epoch.trainers.map((account) => getAddress(account)) };
  } catch (error) {
    const reason = reasonOf(error);
    if (mayStillCome(error)) checks.leave(about, `a key share cannot be had: ${reason}`);
    else checks.fail(about, reason);
    return undefined;
  }
}
