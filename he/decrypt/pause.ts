// Long searches give way, so that the process stays in touch with its peers and its chain.

import { setImmediate } from 'node:timers/promises';

/** What is read of an `AbortSignal`. Its own type needs the types of Node or of browsers, which consumers may lack. */
export interface StopSignal {
  /** Throws the reason once it has been aborted. */
  throwIfAborted(): void;
}

/** What is asked for between two steps of a search. */
export type Pause = () => Promise<void>;

/** Milliseconds after which other events have their turn. */
const patience = 20;

/**
 * Lets other events have their turn wherever `patience` is over since they had it.
 * @param signal ends the search: a pause rejects then.
 */
export function pauses(signal?: StopSignal): Pause {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < patience) return;
    await setImmediate();
    signal?.throwIfAborted();
    last = performance.now();
  };
}
