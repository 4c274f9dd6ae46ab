// The planner: turns a task's description into what the marketplace takes, and posts it with its bounty.

import { presets } from '@murmuration/prover';
import type { Hex } from 'viem';
import type { AccountActions, NewTask } from '../../chain/index.ts';
import type { Network, TaskDescription } from '../../learn/index.ts';
import { encodeModel } from '../../protocol/index.ts';
import type { ContentStore } from '../../store/index.ts';

/** One unit of the token. */
export const token = 10n ** 18n;

/** What the planner decides besides the learning. Amounts in the token's smallest unit, durations in seconds. */
export interface TaskPolicy {
  trainers: { min: number; max: number };
  validators: { min: number; max: number };
  /** t, trainers that it takes to decrypt. */
  threshold: number;
  /** Merkle root of the allow-list, or zero for a task that is open. */
  members: Hex;
  economics: Record<keyof typeof defaultEconomics, bigint>;
  rules: Record<keyof typeof defaultRules, number>;
  /** The longest that each phase may take. */
  deadlines: Record<keyof typeof defaultDeadlines, number>;
}

/** Stakes and fees of the demonstration; `contracts/src/interfaces/Types.sol` says what each is. */
export const defaultEconomics = {
  roundReward: 10n * token,
  validatorFee: token / 2n,
  proverFee: token / 2n,
  minStake: 20n * token,
  stakeFloor: token,
  noShow: token,
  invalidProof: 2n * token,
  strike: token / 2n,
  outlier: token / 4n,
  dispute: 10n * token,
  failedSum: 2n * token,
};

/** docs/encodings.md, "Scores". */
export const defaultRules = {
  reporterBps: 1000,
  phi: 6000,
  signalFloor: 100_000_000,
  delta: 30_000_000,
  ejectAt: 8,
  minGain: -1000,
  outlierBand: 2000,
};

export const defaultDeadlines = {
  join: 3600,
  draw: 3600,
  keying: 3600,
  support: 600,
  submit: 1200,
  aggregate: 1200,
  commit: 600,
  reveal: 600,
  settle: 1200,
  appeal: 86_400,
};

/** Puts description and first model into the store, and writes the task as the marketplace takes it. */
export async function describeTask(
  store: ContentStore,
  description: TaskDescription,
  network: Network,
  model: Float32Array,
  policy: TaskPolicy,
): Promise<NewTask> {
  const { compression, aggregation, rounds, preset } = description;
  return {
    parameters: {
      metadata: await store.put(new TextEncoder().encode(JSON.stringify(description))),
      model: await store.put(encodeModel(model)),
      preset: presets[preset].id,
      members: policy.members,
      normBound: BigInt(compression.normBound),
      modelSize: network.size,
      chunks: compression.chunks,
      rounds,
      selector: compression.selector === 'probe' ? 0 : 1,
      minTrainers: policy.trainers.min,
      maxTrainers: policy.trainers.max,
      minValidators: policy.validators.min,
      maxValidators: policy.validators.max,
      threshold: policy.threshold,
      maxRestarts: 4,
      scale: BigInt(aggregation.scale),
      target: aggregation.targetRms,
    },
    economics: policy.economics,
    rules: policy.rules,
    deadlines: policy.deadlines,
  };
}

/** Posts a task; resolves to its number. */
export async function postTask(
  actions: AccountActions,
  ...parts: Parameters<typeof describeTask>
): Promise<bigint> {
  return actions.post(await describeTask(...parts));
}
