// How a posted task stands for its planner: seats, stage, rounds, and where its bounty went.
import type { Plan } from '@murmuration/desk';
import type { PostedTask, RoundEntry, readStake, TaskChain } from '../../../chain/index.ts';
import type { Fault } from '../../output/fault.ts';

/** What a view of a plan is made of. */
export interface PlanParts {
  readonly posted: PostedTask;
  readonly name: string;
  readonly bounty: bigint;
  /** The task as its planner sees it. */
  readonly chain: TaskChain;
  /** The planner's credit of all its tasks. */
  readonly claimable: Awaited<ReturnType<typeof readStake>>['credit'];
  /** Why the example's other members are not in it. */
  readonly othersFault?: Fault | undefined;
}

export async function planView({
  posted,
  name,
  bounty,
  chain,
  claimable,
  othersFault,
}: PlanParts): Promise<Plan> {
  await chain.refresh();
  const { rounds, credits } = chain.journal;
  const { task, planner, status, parameters, trainers, validators } = posted;
  const stage = status === 'running' ? await chain.stage() : undefined;
  let [paid, back] = [0n, 0n];
  for (const [account, amount] of credits) {
    if (account === planner) back += amount;
    else paid += amount;
  }
  const isFull = (count: number, least: number, most: number) => count >= least && count <= most;
  return {
    task: `${task}`,
    name,
    planner,
    status,
    round: stage?.round ?? rounds.length,
    rounds: parameters.rounds,
    phase: stage?.phase ?? 'none',
    trainers: `${trainers.length} of ${parameters.maxTrainers}`,
    validators: `${validators.length} of ${parameters.maxValidators}`,
    bounty: `${bounty}`,
    paid: `${paid}`,
    back: `${back}`,
    claimable: `${claimable}`,
    canStart:
      status === 'open' &&
      isFull(trainers.length, parameters.minTrainers, parameters.maxTrainers) &&
      isFull(validators.length, parameters.minValidators, parameters.maxValidators),
    canCancel: status === 'open',
    ...(othersFault && { othersFault }),
    history: rounds.map(roundOf),
  };
}

function roundOf({
  number,
  outcome,
  submitted,
  sums,
  votes,
  tally,
  settled,
}: RoundEntry): Plan['history'][number] {
  return {
    round: number,
    outcome,
    updates: submitted.update.length,
    sums: sums.size,
    votes: votes.length,
    ...(tally && { accuracy: tally.quality / 10_000 }),
    paid: `${settled.reduce((sum, { reward }) => sum + reward, 0n)}`,
  };
}
