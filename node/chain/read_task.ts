// A task as it stands on chain, for whoever looks at it: planners' lists, members before they join, roles before they start.

import { type Deployment, marketplaceAbi, verifierRegistryAbi } from '@murmuration/contracts';
import { type Address, encodeAbiParameters, getAbiItem, type Hex, keccak256, type PublicClient } from 'viem';
import { type TaskStatus, taskStatuses } from './task_chain.ts';

/** What the planner fixed (contracts/src/interfaces/Types.sol says what each is) and where the task stands. */
export interface PostedTask {
  task: bigint;
  planner: Address;
  status: TaskStatus;
  /** Of the current stage, in seconds. */
  deadline: bigint;
  epoch: number;
  parameters: TaskParametersView;
  economics: Record<string, bigint>;
  rules: Record<string, number>;
  deadlines: Record<string, number>;
  trainers: readonly Address[];
  validators: readonly Address[];
}

export interface TaskParametersView {
  metadata: Hex;
  model: Hex;
  preset: Hex;
  members: Hex;
  normBound: bigint;
  modelSize: number;
  chunks: number;
  rounds: number;
  selector: number;
  minTrainers: number;
  maxTrainers: number;
  minValidators: number;
  maxValidators: number;
  threshold: number;
  maxRestarts: number;
  scale: bigint;
  target: number;
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

/** A task's parameters and state. @throws Error where there is none of this number. */
export async function readTask(
  client: PublicClient,
  deployment: Pick<Deployment, 'marketplace'>,
  task: bigint,
): Promise<PostedTask> {
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi, args: [task] } as const;
  const state = await client.readContract({ ...marketplace, functionName: 'stateOf' });
  if (state.status === 0) {
    const count = await countTasks(client, deployment);
    throw new Error(`task ${task}: not posted on this deployment; it has ${count} tasks`);
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
    planner: state.planner,
    status: taskStatuses[state.status]!,
    deadline: state.deadline,
    epoch: state.epoch,
    parameters,
    economics: { ...economics },
    rules: { ...rules },
    deadlines: { ...deadlines },
    trainers,
    validators,
  };
}

/** The hash of all that a task's planner posted, out of one log: what a member states that it joins (docs/encodings.md, "Basis"). */
export async function readTerms(
  client: PublicClient,
  deployment: Pick<Deployment, 'marketplace' | 'fromBlock'>,
  task: bigint,
): Promise<Hex> {
  const [posted] = await client.getContractEvents({
    address: deployment.marketplace,
    abi: marketplaceAbi,
    eventName: 'TaskPosted',
    args: { task },
    fromBlock: BigInt(deployment.fromBlock),
    strict: true,
  });
  if (!posted) throw new Error(`task ${task}: not posted on this deployment`);
  const { parameters, economics, rules, deadlines } = posted.args;
  const layout = getAbiItem({ abi: marketplaceAbi, name: 'post' }).inputs;
  return keccak256(encodeAbiParameters(layout, [parameters, economics, rules, deadlines]));
}

/** Keccak-256 hashes of the keys that a preset's verifiers hold, and whether they are development keys. */
export async function readKeyHashes(
  client: PublicClient,
  deployment: Pick<Deployment, 'registry'>,
  preset: Hex,
): Promise<{ developmentKeys: boolean; hashes: readonly Hex[] }> {
  const registry = { address: deployment.registry, abi: verifierRegistryAbi } as const;
  const { developmentKeys } = await client.readContract({
    ...registry,
    functionName: 'presetInfo',
    args: [preset],
  });
  const hashes = await Promise.all(
    [0, 1, 2].map((circuit) =>
      client.readContract({ ...registry, functionName: 'keyHash', args: [circuit, preset] }),
    ),
  );
  return { developmentKeys, hashes };
}
