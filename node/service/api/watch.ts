// Waiting for jobs to change: one look at the database for all who wait, however many there are.
import { type Glance, glanceAt, type QueueContext } from '../queue/index.ts';

/** Milliseconds between two looks while somebody waits. */
const lookInterval = 200;

/** Tells of changes of jobs. */
export interface Watch {
  /**
   * The job, as soon as it is not as it was seen last; `undefined` when that did not happen in time.
   *
   * @param seen undefined to have it at once.
   */
  next(id: string, seen: Glance | undefined, milliseconds: number): Promise<Glance | undefined>;
  /** How many wait. */
  readonly waiting: number;
  stop(): void;
}

type Listener = (glance: Glance | undefined) => void;

/** @param fault hears of looks that failed; those who wait go on waiting. */
export function createWatch(queue: QueueContext, fault: (error: unknown) => void): Watch {
  const listeners = new Map<string, Set<Listener>>();
  let timer: NodeJS.Timeout | undefined;
  let waiting = 0;
  let stopped = false;

  const look = async () => {
    const glances = await glanceAt(queue, [...listeners.keys()]);
    for (const glance of glances) for (const listener of listeners.get(glance.id) ?? []) listener(glance);
  };
  const schedule = () => {
    if (timer || stopped || listeners.size === 0) return;
    timer = setTimeout(async () => {
      await look().catch(fault);
      timer = undefined;
      schedule();
    }, lookInterval);
  };

  return {
    get waiting() {
      return waiting;
    },
    async next(id, seen, milliseconds) {
      const { promise, resolve } = Promise.withResolvers<Glance | undefined>();
      const listener: Listener = (glance) => {
        if (!glance || !seen || isOther(glance, seen)) resolve(glance);
      };
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all.add(listener));
      waiting++;
      const timeout = setTimeout(() => resolve(undefined), milliseconds);
      schedule();
      try {
        return await promise;
      } finally {
        clearTimeout(timeout);
        waiting--;
        all.delete(listener);
        if (all.size === 0) listeners.delete(id);
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const all of listeners.values()) for (const listener of all) listener(undefined);
    },
  };
}

const isOther = (a: Glance, b: Glance) =>
  a.state !== b.state || a.stage !== b.stage || a.attempts !== b.attempts;
