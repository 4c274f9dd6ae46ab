// Follows a chain's logs from any block, in order, each once, behind the depth of expected
// reorganisations.
import type { Hash, Log, PublicClient } from 'viem';
import { NodeError } from '../errors.ts';
import type { Head } from './heads.ts';
import { type BlockRange, defaultWindow, halfOf, mayHaveLess } from './windows.ts';

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

export const defaultFollowSettings: FollowSettings = { confirmations: 0, window: defaultWindow };

/** A reorganisation deeper than the settings allow replaced a block whose logs were handled. Code `chain`. */
export class DeepReorganisation extends NodeError {
  constructor(cursor: Cursor, found: Hash, confirmations: number) {
    super(
      'chain',
      `block ${cursor.next - 1n} was ${cursor.hash} and is now ${found}: a reorganisation deeper than ` +
        `the ${confirmations} confirmations of the settings`,
      {
        mend: 'What was read is read anew. Where this comes often, raise --confirmations.',
        prospect: 'passing',
      },
    );
  }
}

/** Which blocks' logs are asked for: those of a range, both ends included, or those of one block. */
export type LogQuery = BlockRange | { readonly blockHash: Hash };

/** What is followed. */
export interface FollowContext {
  readonly client: Pick<PublicClient, 'getBlock'>;
  readonly settings: FollowSettings;
  /** The latest block. */
  latest(): Promise<Head>;
  /** Asks for logs, in the order of the chain. */
  logsIn(query: LogQuery): Promise<Log[]>;
}

/**
 * Blocks below the confirmed head whose logs are asked for one by one, by their hash. A node that lags knows no such
 * block and says so; asked for a range, it would leave out what it lacks without a word. A provider's nodes lie
 * fewer blocks apart than that.
 */
const oneByOne = 16n;

/**
 * Handles all logs between the cursor and the confirmed head, block by block in order. A range whose logs are not
 * given is asked for in halves, since nodes limit what they answer: a stranger's many logs must not keep anybody
 * from reading on. A head below the cursor says nothing: a node that lags answers so, and another chain shows
 * once it has come as far.
 * @param handle gets the logs of one window and the cursor after it. Persist both together, and a crash
 * repeats nothing.
 * @returns the new cursor; unchanged when there is nothing new.
 * @throws DeepReorganisation before anything is handled; what a request that fails throws, which says nothing
 * of the chain.
 */
export async function catchUp(
  context: FollowContext,
  cursor: Cursor,
  handle: (logs: Log[], cursor: Cursor) => Promise<void>,
): Promise<Cursor> {
  const { client, settings } = context;
  const head = await context.latest();
  // Most looks of a role that waits end here, with one request at most.
  if (head.number < cursor.next - 1n || head.hash === cursor.hash) return cursor;
  const follows = head.number === cursor.next && head.parentHash === cursor.hash;
  if (!follows) await checkStands(context, cursor);
  const target = head.number - BigInt(settings.confirmations);
  const at = await followRanges(context, cursor, { target: target - oneByOne, handle });
  if (at.next > target) return at;
  const numbers = Array.from({ length: Number(target - at.next) + 1 }, (_, ahead) => at.next + BigInt(ahead));
  const blocks = await Promise.all(
    numbers.map((blockNumber) => (blockNumber === head.number ? head : client.getBlock({ blockNumber }))),
  );
  return followBlocks(context, at, { blocks, handle });
}

/** @throws DeepReorganisation where another block has taken the place of the cursor's. */
async function checkStands({ client, settings }: FollowContext, cursor: Cursor): Promise<void> {
  if (cursor.hash === null) return;
  const { hash } = await client.getBlock({ blockNumber: cursor.next - 1n });
  if (hash !== cursor.hash) throw new DeepReorganisation(cursor, hash, settings.confirmations);
}

interface Stretch {
  readonly target: bigint;
  readonly handle: (logs: Log[], cursor: Cursor) => Promise<void>;
}

/** Handles whole windows of blocks. */
async function followRanges(
  { client, settings, logsIn }: FollowContext,
  cursor: Cursor,
  { target, handle }: Stretch,
): Promise<Cursor> {
  let at = cursor;
  let window = BigInt(settings.window);
  while (at.next <= target) {
    const to = min(at.next + window - 1n, target);
    const { hash } = await client.getBlock({ blockNumber: to });
    let logs: Log[];
    try {
      logs = await logsIn({ fromBlock: at.next, toBlock: to });
    } catch (error) {
      if (to === at.next || !mayHaveLess(error)) throw error;
      window = halfOf({ fromBlock: at.next, toBlock: to });
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

/** Handles blocks one by one, as far as each follows on the one before. */
async function followBlocks(
  context: FollowContext,
  cursor: Cursor,
  {
    blocks,
    handle,
  }: Pick<Stretch, 'handle'> & { readonly blocks: readonly Pick<Head, 'number' | 'hash' | 'parentHash'>[] },
): Promise<Cursor> {
  let at = cursor;
  for (const { number, hash, parentHash } of blocks) {
    if (at.hash !== null && parentHash !== at.hash) {
      await checkStands(context, at);
      // The answers are of two histories: the next look tells which one lasts.
      return at;
    }
    const logs = await context.logsIn({ blockHash: hash });
    at = { next: number + 1n, hash };
    await handle(logs, at);
  }
  return at;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
