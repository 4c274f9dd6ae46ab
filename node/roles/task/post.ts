// The planner: turns a task's description into what the marketplace takes, and posts it with its bounty.

import type { Deadlines, Economics, NewTask, Rules } from '@murmuration/contracts';
import { presets } from '@murmuration/prover';
import type { Hex } from 'viem';
import { type AccountActions, selectors } from '../../chain/index.ts';
import type { ModelLayout, TaskDescription } from '../../learn/index.ts';
import { encodeModel, probeNormBound } from '../../protocol/index.ts';
import type { ContentStore } from '../../store/index.ts';

/** How many members of a role a task takes: it starts with `min` of them at least. */
export interface Seats {
  readonly min: number;
  readonly max: number;
}

/** What the planner decides besides the learning. */
export interface TaskPolicy {
  readonly trainers: Seats;
  readonly validators: Seats;
  /** t, trainers that it takes to decrypt. */
  readonly threshold: number;
  /** Merkle root of the allow-list, or zero for a task that is open. */
  readonly members: Hex;
  readonly economics: Economics;
  readonly rules: Rules;
  readonly deadlines: Deadlines;
}

/** A task that is ready to be posted. */
export interface TaskPlan {
  readonly description: TaskDescription;
  readonly layout: Pick<ModelLayout, 'size'>;
  /** The model that the first round trains from. */
  readonly firstModel: Float32Array;
  readonly policy: TaskPolicy;
}

/**
 * Puts the description and the first model into the store, and writes the task as the marketplace takes it.
 */
export async function describeTask(
  store: Pick<ContentStore, 'put'>,
  { description, layout, firstModel, policy }: TaskPlan,
): Promise<NewTask> {
  const { compression, aggregation, rounds, preset } = description;
  return {
    parameters: {
      metadata: await store.put(new TextEncoder().encode(JSON.stringify(description)), 'description'),
      model: await store.put(encodeModel(firstModel), 'model'),
      preset: presets[preset].id,
      members: policy.members,
      normBound: BigInt(compression.normBound),
      probeNormBound: BigInt(probeNormBound(presets[preset].coordinatesPerChunk)),
      modelSize: layout.size,
      chunks: compression.chunks,
      rounds,
      selector: selectors.indexOf(compression.selector),
      minTrainers: policy.trainers.min,
      maxTrainers: policy.trainers.max,
      minValidators: policy.validators.min,
      maxValidators: policy.validators.max,
      threshold: policy.threshold,
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
  { actions, store }: { readonly actions: AccountActions; readonly store: ContentStore },
  plan: TaskPlan,
): Promise<bigint> {
  return actions.post(await describeTask(store, plan));
}
