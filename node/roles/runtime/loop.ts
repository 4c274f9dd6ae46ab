// The loop of every role: look at the chain, do what is due, look again. Each step may be repeated after a
// crash.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf, walkCauses } from '@murmuration/core';
import { ChainAway } from '../../chain/index.ts';
import { NodeError, type NodeErrorCode, prospectOf } from '../../errors.ts';
import { StoreError, type StoreReason } from '../../store/index.ts';
import { waitsForContent } from './waits.ts';

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
  /** Waits for what the next step may be about; it ends a pause after a step that failed, too. */
  readonly rest?: (signal: AbortSignal) => Promise<void>;
  /** Hears of a step that failed, unless the one before failed for the same reason; the loop goes on. */
  readonly onError: (error: unknown) => void;
  /** Hears, while a step waits, that its chain does not answer, until the function that it returns is called. */
  readonly silence?: (listener: (error: unknown) => void) => () => void;
  /** Hears that what was away is there again. */
  readonly onBack?: (outage: Outage) => void;
  /** Hears of what will never come through, see {@link isLost}; the loop has then ended. Without it, the loop goes on. */
  readonly onFinal?: (error: unknown) => void;
}

/** What a role waits for: no node of its chain answers, its content store does not, its disk takes or gives nothing. */
export type Outage = 'chain' | 'content store' | 'state folder';

/** What a store says of one block; by all else that it says, it is away itself. */
const ofBlocks: ReadonlySet<StoreReason> = new Set(['missing', 'wrong', 'oversized']);

/** What is away where a step failed so; undefined where it failed for another reason. */
export function outageOf(error: unknown): Outage | undefined {
  const found = walkCauses(error, (cause) => isAway(cause) !== undefined);
  return found && isAway(found);
}

function isAway(error: Error): Outage | undefined {
  if (error instanceof ChainAway) return 'chain';
  if (error instanceof StoreError) return ofBlocks.has(error.reason) ? undefined : 'content store';
  const ofDisk = error instanceof NodeError && error.code === 'state' && error.prospect === 'passing';
  return ofDisk ? 'state folder' : undefined;
}

/** What a role cannot do without, by the codes of its errors. */
const needed: ReadonlySet<NodeErrorCode> = new Set(['chain', 'state']);

/**
 * Whether a role cannot go on: its chain or its own memory is lost for good. What others sent may be wrong for good as
 * well, and ends nobody: otherwise a member could end all others with one content.
 */
export const isLost = (error: unknown): boolean =>
  prospectOf(error) === 'final' &&
  walkCauses(
    error,
    (cause) => cause instanceof NodeError && cause.prospect === 'final' && needed.has(cause.code),
  ) !== undefined;

/**
 * Milliseconds between two steps of a loop for which something is away, at most. Nothing can be done without the
 * chain; without the store or the disk a role can still abstain, and must do so in time.
 */
const longestPause: Readonly<Record<Outage, number>> = {
  chain: 30_000,
  'content store': 5_000,
  'state folder': 5_000,
};

/**
 * Milliseconds between two steps that fail for one reason, at most, unless the interval is longer: content that another
 * has not sent yet comes without any news. Without longer and longer pauses until then, a federation that waits for one
 * member spends two thirds of a processor on reading again and again what it has.
 */
const longestWait = 1000;

/**
 * Repeats `step` until stopped. A step that throws is reported once and tried again after the interval, and after
 * longer and longer ones while it fails for the same reason.
 */
export function loop(step: (signal: AbortSignal) => Promise<void>, settings: LoopSettings): Startable {
  const { interval, onError, onBack, onFinal } = settings;
  const pause = (signal: AbortSignal, milliseconds = interval) =>
    sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  const rest = settings.rest ?? ((signal) => pause(signal));
  const restAtMost = async (signal: AbortSignal, milliseconds: number) => {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const paused = pause(either, milliseconds);
    // What fails between two steps fails again in the next one, which tells of it.
    await Promise.race([paused, settings.rest?.(either).catch(() => paused) ?? paused]);
    ended.abort();
  };
  let abort: AbortController | undefined;
  let running: Promise<void> | undefined;

  async function run(signal: AbortSignal) {
    let failed: { readonly name: string; readonly times: number } | undefined;
    const away = new Set<Outage>();
    const back = () => {
      for (const outage of away) onBack?.(outage);
      away.clear();
    };
    // The step goes on meanwhile; what ends it says nothing new.
    const hear = (error: unknown) => {
      if (failed?.name === 'chain') return;
      away.add('chain');
      failed = { name: 'chain', times: 0 };
      onError(error);
    };
    while (!signal.aborted) {
      const deaf = settings.silence?.(hear);
      try {
        await step(signal).finally(deaf);
        back();
        failed = undefined;
        await rest(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (onFinal && isLost(error)) return onFinal(error);
        const outage = outageOf(error);
        if (outage) away.add(outage);
        // A store that says that it does not have something is there again.
        else if (waitsForContent(error)) back();
        // Of a store that is away, each block is missed in other words.
        const name = outage ?? reasonOf(error);
        const again = failed?.name === name;
        failed = { name, times: again ? failed!.times + 1 : 1 };
        if (!again) onError(error);
        const longer = interval * 2 ** (outage ? failed.times : failed.times - 1);
        if (outage) await pause(signal, Math.min(longer, longestPause[outage]));
        else await restAtMost(signal, Math.max(interval, Math.min(longer, longestWait)));
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
