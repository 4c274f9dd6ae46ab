// Another task of a federation's chain: the same parties join it, each under an account of its own for it, so that no
// account sends for two tasks.
import { join } from 'node:path';
import type { PostedTask } from '../chain/index.ts';
import type { UnlockedAccount } from '../keystore/index.ts';
import {
  assembleFederation,
  type FederationSettings,
  type Ground,
  type LocalFederation,
} from './assembly.ts';
import { localOptions } from './options.ts';

/** A task that somebody has posted, and who ends its joining. */
export interface FurtherTask {
  readonly posted: PostedTask;
  readonly planner: UnlockedAccount;
}

/**
 * Lets the scenario's parties join a task that is posted already; its first trainer's seat is left free.
 * @throws ZodError where the scenario has fewer parties than the task has seats.
 */
export async function joinFurther(
  ground: Ground,
  { options, ...hearers }: FederationSettings,
  { posted, planner }: FurtherTask,
): Promise<LocalFederation> {
  const { task, parameters } = posted;
  return assembleFederation(
    {
      ...ground,
      folder: join(ground.folder, `task-${task}`),
      posted: task,
      account: async (name) => (name === 'planner' ? planner : ground.account(`${name} of task ${task}`)),
    },
    {
      ...hearers,
      options: localOptions.parse({
        ...options,
        freeSeat: true,
        trainers: parameters.maxTrainers,
        validators: parameters.maxValidators,
      }),
    },
  );
}
