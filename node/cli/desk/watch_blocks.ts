// Tells the page that the chain has gone on: one look at the chain for all who listen, and none while nobody does.
import type { PublicClient } from 'viem';

/** Milliseconds between two looks. */
const pause = 1000;

/** Looks at a chain while somebody listens. */
export interface BlockWatch {
  /** Hears of new blocks. @returns what takes this back */
  listen(hear: () => void): () => void;
  stop(): void;
}

/** @param client is undefined while there is no chain yet. */
export function watchBlocks(client: () => PublicClient | undefined): BlockWatch {
  const listeners = new Set<() => void>();
  let [last, timer]: [bigint?, NodeJS.Timeout?] = [];

  async function look(): Promise<void> {
    // A chain that is away says nothing new; the page keeps what it shows.
    const block = await client()
      ?.getBlockNumber({ cacheTime: 0 })
      .catch(() => undefined);
    if (block === undefined || block === last) return;
    last = block;
    for (const hear of listeners) hear();
  }
  function schedule(): void {
    if (timer || listeners.size === 0) return;
    timer = setTimeout(async () => {
      await look();
      timer = undefined;
      schedule();
    }, pause);
  }

  return {
    listen(hear) {
      listeners.add(hear);
      schedule();
      return () => void listeners.delete(hear);
    },
    stop() {
      listeners.clear();
      clearTimeout(timer);
    },
  };
}
