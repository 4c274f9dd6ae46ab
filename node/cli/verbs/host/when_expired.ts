// When a mandate is over, by the chain's clock: the host's own may be wrong.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PublicClient } from 'viem';

/** Milliseconds between two looks. */
const pause = 5_000;

/** @param until seconds, chain time. */
export function whenExpired(client: PublicClient, until: bigint) {
  const ending = new AbortController();
  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      // A chain that does not answer ends no mandate; the next look may.
      const now = await client.getBlock().then(
        ({ timestamp }) => timestamp,
        () => 0n,
      );
      if (now >= until) return;
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    // Stopped: it never expires for whoever waited.
    await new Promise<never>(() => undefined);
  }
  return { expired: watch(), stop: async () => ending.abort() };
}
