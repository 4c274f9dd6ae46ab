// Follows a chain's logs from any block, in order, each once, behind a depth at which reorganisations are expected.
import type { Address, Hash, Log, PublicClient } from 'viem';

/** Where the follower stands: every log below `next` has been handled. */
export interface Cursor {
  next: bigint;
  /** Hash of block `next - 1`; `null` before the first block was read. */
  hash: Hash | null;
}

export interface FollowSettings {
  /** Blocks that must lie above a block before its logs are handled: deeper reorganisations are refused. */
  confirmations: number;
  /** Most blocks asked for at once. */
  window: number;
}

export const defaultFollowSettings: FollowSettings = { confirmations: 0, window: 2000 };

/** A reorganisation deeper than the settings allow replaced a block that was already handled. */
export class DeepReorganisation extends Error {
  override name = 'DeepReorganisation';
  constructor(cursor: Cursor, found: Hash, confirmations: number) {
    super(
      `block ${cursor.next - 1n} was ${cursor.hash} and is now ${found}: a reorganisation deeper than the ${confirmations} ` +
        'confirmations of the settings. Rebuild from the deployment block, and raise `confirmations`.',
    );
  }
}

/**
 * Handles all logs of `addresses` between the cursor and the confirmed head, block by block in order.
 * `handle` gets the logs of one window and the cursor after it; persist both together, then a crash repeats nothing.
 * @returns the new cursor (unchanged when there is nothing new).
 */
export async function catchUp(
  client: PublicClient,
  addresses: Address[],
  cursor: Cursor,
  handle: (logs: Log[], cursor: Cursor) => Promise<void>,
  settings: FollowSettings = defaultFollowSettings,
): Promise<Cursor> {
  const head = await client.getBlockNumber({ cacheTime: 0 });
  const target = head - BigInt(settings.confirmations);
  let at = cursor;
  if (at.hash !== null) {
    const known = await client.getBlock({ blockNumber: at.next - 1n }).catch(() => undefined);
    if (known?.hash !== at.hash)
      throw new DeepReorganisation(at, known?.hash ?? '0x', settings.confirmations);
  }
  while (at.next <= target) {
    const to = min(at.next + BigInt(settings.window) - 1n, target);
    const { hash } = await client.getBlock({ blockNumber: to });
    const logs = await client.getLogs({ address: addresses, fromBlock: at.next, toBlock: to });
    // The logs belong to the hash only if the block is still the same after they were read.
    if ((await client.getBlock({ blockNumber: to })).hash !== hash) continue;
    at = { next: to + 1n, hash };
    await handle(logs, at);
  }
  return at;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
