// The loop of every role: look at the chain, do what is due, look again. Each step may be repeated after a
// crash.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf, walkCauses } from '@murmuration/core';
import { ChainAway } from '../../chain/index.ts';
import { NodeError, prospectOf } from '../../errors.ts';

/** A service that can be started and stopped any number of times. */
export interface Startable {
  start(): Promise<void>;
  /** Ends the step under way and leaves no timer behind. */
  stop(): Promise<void>;
}

/** How a loop runs. */
export interface LoopSettings {
  /** Milliseconds between the end of a step that failed and the next one; of any step, unless `rest` is given. */
  readonly interval: number;
  /** Waits for what the next step may be about. */
  readonly rest?: (signal: AbortSignal) => Promise<void>;
  /** Hears of a step that failed, unless the one before failed for the same reason; the loop goes on. */
  readonly onError: (error: unknown) => void;
  /** Hears that a step has come through after one that failed for a reason that passes. */
  readonly onBack?: (error: unknown) => void;
  /** Hears of what will never come through; the loop has then ended. Without it, the loop goes on. */
  readonly onFinal?: (error: unknown) => void;
}

/** Whether a step failed since no node of the chain answers. */
export const isAway = (error: unknown): boolean =>
  walkCauses(error, (cause) => cause instanceof ChainAway) !== undefined;

/** Milliseconds between two steps of a loop whose chain is away, at most. */
const longestPause = 30_000;

/**
 * Repeats `step` until stopped. A step that throws is reported once and tried again after the interval, or after
 * longer and longer ones while the chain is away.
 */
export function loop(step: (signal: AbortSignal) => Promise<void>, settings: LoopSettings): Startable {
  const { interval, onError, onBack, onFinal } = settings;
  const pause = (signal: AbortSignal, milliseconds = interval) =>
    sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  const rest = settings.rest ?? ((signal) => pause(signal));
  let abort: AbortController | undefined;
  let running: Promise<void> | undefined;

  async function run(signal: AbortSignal) {
    let failed: { readonly error: unknown; readonly times: number } | undefined;
    while (!signal.aborted) {
      try {
        await step(signal);
        if (failed && prospectOf(failed.error) === 'passing') onBack?.(failed.error);
        failed = undefined;
        await rest(signal);
      } catch (error) {
        if (signal.aborted) return;
        const again = failed && reasonOf(failed.error) === reasonOf(error);
        failed = { error, times: again ? failed!.times + 1 : 1 };
        if (onFinal && prospectOf(error) === 'final') return onFinal(error);
        if (!again) onError(error);
        await pause(signal, isAway(error) ? Math.min(interval * 2 ** failed.times, longestPause) : interval);
      }
    }
  }

  return {
    async start() {
      if (abort) return;
      abort = new AbortController();
      running = run(abort.signal);
    },
    async stop() {
      abort?.abort(new NodeError('interrupted', 'stopped'));
      await running;
      abort = undefined;
    },
  };
}
