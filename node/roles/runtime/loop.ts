// The loop of every role: look at the chain, do what is due, look again. Each step may be repeated after a
// crash.
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeError } from '../../errors.ts';

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
  /** Hears of a step that failed; the loop goes on. */
  readonly onError: (error: unknown) => void;
}

/** Repeats `step` until stopped. A step that throws is reported and tried again after the interval. */
export function loop(step: (signal: AbortSignal) => Promise<void>, settings: LoopSettings): Startable {
  const { interval, onError } = settings;
  const pause = (signal: AbortSignal) => sleep(interval, undefined, { signal }).catch(() => undefined);
  const rest = settings.rest ?? pause;
  let abort: AbortController | undefined;
  let running: Promise<void> | undefined;

  async function run(signal: AbortSignal) {
    while (!signal.aborted) {
      try {
        await step(signal);
        await rest(signal);
      } catch (error) {
        if (signal.aborted) return;
        onError(error);
        await pause(signal);
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
