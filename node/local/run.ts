// Runs a local federation from its set-up to its report.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../report/index.ts';
import { reasonOf } from '../roles/runtime/context.ts';
import type { LocalInput } from './options.ts';
import { createRecorder } from './record.ts';
import { createLocalFederation } from './throwaway.ts';
import type { View } from './view.ts';

/** Milliseconds between two pictures. */
const frame = 250;

/**
 * Sets up, runs to the end of the task, reports, and leaves nothing behind but `folder`.
 * @param signal ends the run early; the promise then rejects with its reason.
 */
export async function runLocalFederation(
  input: LocalInput,
  folder: string,
  view: View,
  signal: AbortSignal,
): Promise<Report> {
  const recorder = createRecorder();
  const federation = await createLocalFederation(
    input,
    folder,
    (event) => {
      recorder.observe(event);
      if (event.type === 'step') view.say(`${event.role} ${event.text}`);
      if (event.type === 'fault') view.say(`${event.role}: ${reasonOf(event.error)}`);
    },
    view.say,
  );
  try {
    await federation.start();
    for (;;) {
      await federation.chain.refresh();
      await recorder.follow(federation);
      view.update(recorder.snapshot(federation));
      const { status } = await federation.chain.state();
      if (status === 'cancelled')
        throw new Error('the task was cancelled before it started: too few members made a key in time');
      if (status === 'ended') break;
      await sleep(frame, undefined, { signal });
    }
    // The logs of the last block may have come after they were read.
    await federation.chain.refresh();
    await recorder.follow(federation);
    view.update(recorder.snapshot(federation));
    return await recorder.report(federation);
  } finally {
    await federation.stop();
  }
}
