// Runs a federation until its task is over, and stops it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalFederation } from './assembly.ts';

/** Milliseconds between two looks at the task. */
const pause = 250;

/** Starts a federation, waits until its task has ended or was cancelled, and stops it. Its journal is then whole. */
export async function runToEnd(federation: LocalFederation): Promise<void> {
  const { chain } = federation;
  try {
    await federation.start();
    for (;;) {
      const { status } = await chain.state();
      if (status === 'ended' || status === 'cancelled') break;
      await sleep(pause);
    }
    await chain.refresh();
  } finally {
    await federation.stop();
  }
}
