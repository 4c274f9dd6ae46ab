// How a run stands: the task by the chain's own words, and the account's money with the rule behind each movement.

import type { Deployment } from '@murmuration/contracts';
import type { Run } from '@murmuration/desk';
import type { Address, PublicClient } from 'viem';
import { type RoundEntry, readStake, readTask, type TaskChain } from '../../../chain/index.ts';
import { readStatement } from '../../../ledger/index.ts';
import { figureUnit } from '../../../protocol/index.ts';
import { storyOf } from './story.ts';

/** Where a run is looked at. */
export interface RunPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  /** The task as the account sees it. */
  readonly chain: TaskChain;
  /** Whose story is told; nobody's without it. */
  readonly leftHanded?: Address | undefined;
}

/** What the chain says of a run. */
export type RunOnChain = Omit<Run, 'name' | 'role' | 'state' | 'steps' | 'proofs' | 'fault'>;

/** -128 says that nothing was proven. */
const nothingSeen = -128;

export async function runOnChain({ client, deployment, chain, leftHanded }: RunPlace): Promise<RunOnChain> {
  const { task, account } = chain;
  await chain.refresh();
  const posted = await readTask(client, deployment, task);
  const isRunning = posted.status === 'running';
  const stage = isRunning ? await chain.stage() : undefined;
  const { rounds, credits, slashed } = chain.journal;
  const [statement, stake] = await Promise.all([
    readStatement(client, deployment, account),
    readStake(client, deployment, account),
  ]);
  const history = rounds.map((entry) => roundOf(entry, account));
  return {
    task: `${task}`,
    account,
    owner: stake.owner,
    status: posted.status,
    round: stage?.round ?? rounds.length,
    rounds: posted.parameters.rounds,
    phase: stage?.phase ?? 'none',
    deadline: `${stage?.deadline ?? posted.deadline}`,
    history,
    ...(leftHanded && { story: { who: leftHanded, says: [...storyOf(rounds, leftHanded)] } }),
    movements: statement.movements
      .filter((movement) => movement.task === task)
      .map(({ kind, amount, round, rule }) => ({
        kind,
        amount: `${amount}`,
        ...(round !== undefined && { round }),
        rule,
      })),
    earned: `${credits.get(account) ?? 0n}`,
    slashed: `${slashed.get(account) ?? 0n}`,
    held: `${statement.books.held}`,
    claimable: `${stake.credit}`,
  };
}

function roundOf({ number, outcome, tally, settled }: RoundEntry, account: string): Run['history'][number] {
  const own = settled.find(({ trainer }) => trainer === account);
  return {
    round: number,
    outcome,
    ...(tally && { accuracy: tally.quality / 10_000 }),
    ...(own && own.seen !== nothingSeen && { cosine: own.seen / figureUnit }),
    struck: own?.struck ?? false,
    reward: `${own?.reward ?? 0n}`,
  };
}
