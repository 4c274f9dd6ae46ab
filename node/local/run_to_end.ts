// Runs a federation until its task is over, and stops it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskChain } from '../chain/index.ts';
import type { LocalFederation } from './assembly.ts';

/** Milliseconds between two looks at the task. */
const pause = 250;

/**
 * Starts a federation, waits until its task has ended or was cancelled, and stops it. Its journal is then whole.
 * @param last looks at it before its chain is gone.
 */
export async function runToEnd(
  federation: LocalFederation,
  last?: (federation: LocalFederation) => Promise<void>,
): Promise<void> {
  const { chain } = federation;
  try {
    await federation.start();
    for (;;) {
      const { status } = await chain.state();
      if (status === 'ended' || status === 'cancelled') break;
      await sleep(pause);
    }
    await readToEnd(chain);
    await last?.(federation);
  } finally {
    await federation.stop();
  }
}

/** Reads a journal to the chain's end: a reading that is under way may have begun before what was seen since. */
export async function readToEnd(chain: Pick<TaskChain, 'refresh'>): Promise<void> {
  await chain.refresh();
  await chain.refresh();
}
