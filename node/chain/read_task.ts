// A task as it stands on chain, for anyone who looks at it: planners' lists, members before they join, roles
// before they start.
import {
  circuits,
  type Deadlines,
  type Deployment,
  type Economics,
  marketplaceAbi,
  type Rules,
  type TaskParameters,
  type TaskStatus,
  taskStatuses,
  verifierRegistryAbi,
} from '@murmuration/contracts';
import type { Address, Hex, PublicClient } from 'viem';
import { NodeError } from '../errors.ts';

/** What the planner fixed, and where the task stands. */
export interface PostedTask {
  /** Number of the task, from 1. */
  readonly task: bigint;
  readonly planner: Address;
  readonly status: TaskStatus;
  /** When the current stage ends: seconds, chain time. */
  readonly deadline: bigint;
  /** Number of the key generation, from 1; 0 before the first. */
  readonly epoch: number;
  readonly parameters: TaskParameters;
  readonly economics: Economics;
  readonly rules: Rules;
  readonly deadlines: Deadlines;
  readonly trainers: readonly Address[];
  readonly validators: readonly Address[];
}

/** How many tasks were posted; their numbers are 1 to that. */
export async function countTasks(
  client: PublicClient,
  deployment: Pick<Deployment, 'marketplace'>,
): Promise<bigint> {
  return client.readContract({
    address: deployment.marketplace,
    abi: marketplaceAbi,
    functionName: 'taskCount',
  });
}

/** A task's parameters and state. @throws NodeError `task` where there is none of this number. */
export async function readTask(
  client: PublicClient,
  deployment: Pick<Deployment, 'marketplace'>,
  task: bigint,
): Promise<PostedTask> {
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi, args: [task] } as const;
  const { planner, status, deadline, epoch } = await client.readContract({
    ...marketplace,
    functionName: 'stateOf',
  });
  if (taskStatuses[status] === 'none') {
    const count = await countTasks(client, deployment);
    throw new NodeError('task', `task ${task}: not posted on this deployment; it has ${count} tasks`);
  }
  const [parameters, economics, rules, deadlines, [trainers, validators]] = await Promise.all([
    client.readContract({ ...marketplace, functionName: 'parametersOf' }),
    client.readContract({ ...marketplace, functionName: 'economicsOf' }),
    client.readContract({ ...marketplace, functionName: 'rulesOf' }),
    client.readContract({ ...marketplace, functionName: 'deadlinesOf' }),
    client.readContract({ ...marketplace, functionName: 'membersOf' }),
  ]);
  return {
    task,
    planner,
    status: taskStatuses[status]!,
    deadline,
    epoch,
    parameters,
    economics,
    rules,
    deadlines,
    trainers,
    validators,
  };
}

/**
 * Keccak-256 hashes of the keys that a preset's verifiers hold, in the order of `circuits`, `[tau]_2` of their
 * openings in words as EIP-197 has them, and whether they are development keys.
 */
export async function readKeyHashes(
  client: PublicClient,
  deployment: Pick<Deployment, 'registry'>,
  preset: Hex,
): Promise<{ developmentKeys: boolean; hashes: readonly Hex[]; tau: readonly bigint[] }> {
  const registry = { address: deployment.registry, abi: verifierRegistryAbi } as const;
  const { developmentKeys } = await client.readContract({
    ...registry,
    functionName: 'presetInfo',
    args: [preset],
  });
  const hashes = await Promise.all(
    circuits.map((_, circuit) =>
      client.readContract({ ...registry, functionName: 'keyHash', args: [circuit, preset] }),
    ),
  );
  const { xImaginary, xReal, yImaginary, yReal } = await client.readContract({
    ...registry,
    functionName: 'tau',
    args: [preset],
  });
  return { developmentKeys, hashes, tau: [xImaginary, xReal, yImaginary, yReal] };
}
