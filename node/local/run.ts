// Runs a throwaway federation from its set-up to its report.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import { NodeError } from '../errors.ts';
import type { Report } from '../report/index.ts';
import type { RoleEvent } from '../roles/index.ts';
import { playAfterwards } from './afterwards.ts';
import type { LocalInput } from './options.ts';
import { createRecorder } from './record.ts';
import { createThrowawayFederation } from './throwaway.ts';
import type { View } from './view.ts';

/** Milliseconds between two pictures. */
const frame = 250;

/** Where a run goes. */
export interface RunSettings {
  /** Where content and state lie; nothing else is left behind. */
  readonly folder: string;
  /** For compiled circuits and development keys, which stay. */
  readonly cacheFolder: string;
  readonly view: View;
  /** Ends the run early; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Sets a federation up, runs it to the end of its task, and reports.
 * @throws NodeError `task` where the task was cancelled before its start.
 */
export async function runLocalFederation(
  input: LocalInput,
  { folder, cacheFolder, view, signal }: RunSettings,
): Promise<Report> {
  const recorder = createRecorder();
  const observe = (event: RoleEvent) => {
    recorder.observe(event);
    if (event.type === 'step') view.say(`${event.role} ${event.text}`);
    if (event.type === 'fault') view.say(`${event.role}: ${reasonOf(event.error)}`);
  };
  const federation = await createThrowawayFederation(input, folder, { cacheFolder, observe, say: view.say });
  const { chain } = federation;
  async function look(): Promise<void> {
    await chain.refresh();
    await recorder.follow(federation);
    view.update(recorder.snapshot(federation));
  }
  try {
    await federation.start();
    for (;;) {
      await look();
      const { status } = await chain.state();
      if (status === 'cancelled')
        throw new NodeError(
          'task',
          'the task was cancelled before it started: too few members made a key in time',
        );
      if (status === 'ended') break;
      await sleep(frame, undefined, { signal });
    }
    // The logs of the last block may have come after they were read.
    await look();
    const report = await recorder.report(federation);
    return { ...report, ...(await playAfterwards(federation, { cacheFolder, say: view.say })) };
  } finally {
    await federation.stop();
  }
}
