// The model of a task, computed again from what is public.
import type { Deployment, TaskStatus } from '@murmuration/contracts';
import { createHe } from '@murmuration/he';
import { type PostedTask, readTask } from '../../chain/index.ts';
import { loadTask, runningStatistics, traceModel } from '../../roles/index.ts';
import type { ChainSettings } from '../command/flags.ts';
import type { ModelParts } from '../files/model_file.ts';
import type { StoreSettings } from '../open/content_place.ts';
import { openReader } from '../open/deployment.ts';
import { openOnlooker } from '../open/member.ts';
import { openStore } from '../open/store.ts';

/** Where a task's model is taken from: chain and content store, no account. */
export interface ModelPlace {
  readonly deployment: Deployment;
  readonly settings: StoreSettings & Pick<ChainSettings, 'rpc'>;
}

/** A model that was computed again. */
export interface TakenModel {
  /** What its file is made of. */
  readonly parts: ModelParts;
  /** The task's, when it was taken. */
  readonly status: TaskStatus;
}

/**
 * The model after the last closed round; before the first one, the planner's.
 * @param say hears of each step.
 * @throws NodeError `sum` where a round does not give the model that the chain names; of a chain or a store that is away.
 */
export async function takeModel(
  { deployment, settings }: ModelPlace,
  task: bigint,
  say: (text: string) => void = () => undefined,
): Promise<TakenModel> {
  say('reads the chain');
  const posted = await readTask(await openReader(settings, deployment), deployment, task);
  const { chain } = await openOnlooker(settings, { deployment, task, seat: posted.planner });
  await chain.refresh();
  const store = await openStore(settings, deployment, posted);
  try {
    say('gets the description and the first model');
    const { description, layout } = await loadTask(store, posted);
    const he = await createHe(description.preset);
    const context = { name: 'planner', chain, store, he, observe: () => undefined, description, layout };
    say(`computes ${chain.journal.rounds.length} rounds again`);
    const lineage = await traceModel(context, posted.parameters.model);
    const started = posted.status === 'running' || posted.status === 'ended';
    const statistics = started ? await runningStatistics(context) : {};
    const origin = originOf(deployment, posted);
    return { parts: { origin, description, statistics, lineage, layout }, status: posted.status };
  } finally {
    await store.stop();
  }
}

const originOf = (
  { chainId, marketplace }: Deployment,
  { task, parameters, trainers, validators }: PostedTask,
): ModelParts['origin'] => ({
  chainId,
  marketplace,
  task: task.toString(),
  description: parameters.metadata,
  trainers: trainers.length,
  validators: validators.length,
});
