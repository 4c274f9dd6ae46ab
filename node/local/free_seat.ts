// A task with a free seat: it starts when somebody has taken it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { readTask } from '../chain/index.ts';
import type { Startable } from '../roles/index.ts';

/** Milliseconds between two looks at the seats. */
const pause = 500;

/** The task whose seats are looked at. */
interface Seats {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly task: bigint;
}

/**
 * Starts a task once all its seats are taken.
 * @param start ends joining, in the planner's name; tried again where it fails.
 */
export function whenFull(
  { client, deployment, task }: Seats,
  start: () => Promise<void>,
  onError: (error: unknown) => void,
): Startable {
  let ending = new AbortController();
  let watching: Promise<void> | undefined;

  /** @returns whether there is nothing left to wait for. */
  async function look(): Promise<boolean> {
    const { status, parameters, trainers, validators } = await readTask(client, deployment, task);
    if (status !== 'open') return true;
    const { maxTrainers, maxValidators } = parameters;
    if (trainers.length < maxTrainers || validators.length < maxValidators) return false;
    await start();
    return true;
  }

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const done = await look().catch((error: unknown) => {
        if (!signal.aborted) onError(error);
        return false;
      });
      if (done) return;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    async start() {
      ending = new AbortController();
      watching = watch(ending.signal);
    },
    async stop() {
      ending.abort();
      await watching;
    },
  };
}
