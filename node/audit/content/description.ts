// What a task learns, and the model that it begins with, by the digests of its terms.
import type { TaskParameters } from '@murmuration/contracts';
import { reasonOf } from '@murmuration/core';
import { type ModelLayout, modelLayout, type TaskDescription, taskDescription } from '../../learn/index.ts';
import { decodeModel } from '../../protocol/index.ts';
import { checkDescription } from '../../roles/index.ts';
import { mayStillCome } from '../../store/index.ts';
import type { Checks } from '../checks.ts';
import type { NotedStore } from './contents.ts';

/** Most bytes of a description. */
const maxDescription = 16 * 2 ** 20;

/** A description that was read. */
export interface Described {
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
}

/** Reads a task's description. @returns undefined where it cannot be had or is none. */
export async function auditDescription(
  { contents, checks }: { readonly contents: NotedStore; readonly checks: Checks },
  task: bigint,
  parameters: TaskParameters,
): Promise<Described | undefined> {
  const { metadata: artifact, modelSize } = parameters;
  const about = { kind: 'task', subject: 'description', artifact } as const;
  try {
    const bytes = await contents.of('description').get(artifact, { maxBytes: maxDescription });
    const description = taskDescription.parse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)),
    );
    const layout = modelLayout(description.model);
    checkDescription(task, description, parameters);
    checks.enter(
      about,
      layout.size === modelSize,
      `its model has ${layout.size} parameters, the terms say ${modelSize}`,
    );
    return { description, layout };
  } catch (error) {
    if (mayStillCome(error)) checks.leave(about, reasonOf(error));
    else checks.fail(about, reasonOf(error));
    return undefined;
  }
}

/** Reads the model that the planner posted. @returns undefined where it cannot be had or is none. */
export async function auditFirstModel(
  { contents, checks }: { readonly contents: NotedStore; readonly checks: Checks },
  { size }: ModelLayout,
  { model: artifact }: TaskParameters,
): Promise<Float32Array | undefined> {
  const about = { kind: 'task', subject: 'first model', artifact } as const;
  try {
    const bytes = await contents.of('model').get(artifact, { maxBytes: size * 4 });
    const model = decodeModel(bytes, size);
    checks.pass('task');
    return model;
  } catch (error) {
    if (mayStillCome(error)) checks.leave(about, reasonOf(error));
    else checks.fail(about, reasonOf(error));
    return undefined;
  }
}
