// Follows a chain's logs from any block, in order, each once, behind the depth of expected
// reorganisations.
import type { Hash, Log, PublicClient } from 'viem';
import { NodeError } from '../errors.ts';

/** Where the follower stands: every log below `next` has been handled. */
export interface Cursor {
  readonly next: bigint;
  /** Hash of block `next - 1`; `null` before the first block was read. */
  readonly hash: Hash | null;
}

/** How far behind the head logs are read, and how many blocks at once. */
export interface FollowSettings {
  /** Blocks that must lie above a block before its logs are handled: deeper reorganisations are refused. */
  readonly confirmations: number;
  /** Most blocks asked for at once. */
  readonly window: number;
}

export const defaultFollowSettings: FollowSettings = { confirmations: 0, window: 2000 };

/** A reorganisation deeper than the settings allow replaced a block whose logs were handled. Code `chain`. */
export class DeepReorganisation extends NodeError {
  constructor(cursor: Cursor, found: Hash, confirmations: number) {
    super(
      'chain',
      `block ${cursor.next - 1n} was ${cursor.hash} and is now ${found}: a reorganisation deeper than ` +
        `the ${confirmations} confirmations of the settings`,
      { mend: 'Rebuild from the deployment block, and raise `confirmations`.' },
    );
  }
}

/** Blocks, both ends included. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** What is followed. */
export interface FollowContext {
  readonly client: PublicClient;
  readonly settings: FollowSettings;
  /** Asks for the logs of a range, in the order of the chain. */
  logsIn(range: BlockRange): Promise<Log[]>;
}

/**
 * Handles all logs between the cursor and the confirmed head, block by block in order. A range whose logs are not
 * given is asked for in halves, since nodes limit what they answer: a stranger's many logs must not keep anybody
 * from reading on.
 * @param handle gets the logs of one window and the cursor after it. Persist both together, and a crash
 * repeats nothing.
 * @returns the new cursor; unchanged when there is nothing new.
 * @throws DeepReorganisation before anything is handled.
 */
export async function catchUp(
  { client, settings, logsIn }: FollowContext,
  cursor: Cursor,
  handle: (logs: Log[], cursor: Cursor) => Promise<void>,
): Promise<Cursor> {
  const head = await client.getBlock();
  let at = cursor;
  // Most looks of a role that waits end here, with one request.
  if (head.number === at.next - 1n && head.hash === at.hash) return at;
  const target = head.number - BigInt(settings.confirmations);
  if (at.hash !== null) {
    const known = await client.getBlock({ blockNumber: at.next - 1n }).catch(() => undefined);
    if (known?.hash !== at.hash)
      throw new DeepReorganisation(at, known?.hash ?? '0x', settings.confirmations);
  }
  let window = BigInt(settings.window);
  while (at.next <= target) {
    const to = min(at.next + window - 1n, target);
    const { hash } = await client.getBlock({ blockNumber: to });
    let logs: Log[];
    try {
      logs = await logsIn({ fromBlock: at.next, toBlock: to });
    } catch (error) {
      if (to === at.next) throw error;
      window = (to - at.next + 1n) / 2n;
      continue;
    }
    // The logs belong to the hash only if the block is still the same after they were read.
    if ((await client.getBlock({ blockNumber: to })).hash !== hash) continue;
    at = { next: to + 1n, hash };
    window = min(2n * window, BigInt(settings.window));
    await handle(logs, at);
  }
  return at;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
