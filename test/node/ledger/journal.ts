// Journals of random federations: forge plays all roles on the real contracts, and writes logs and books after each
// step (contracts/test/Journal.t.sol).
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address, Hex, Log } from 'viem';
import { type Books, eventsOf, type LedgerEvent } from '../../../node/ledger/index.ts';
import { root, tool } from '../../suites/suite.ts';

/** A federation's history. */
export interface Journal {
  /** In order; the block of an event is the number of its step. */
  readonly events: readonly LedgerEvent[];
  /** By step, from 0: the books of every account after it. */
  readonly steps: readonly ReadonlyMap<Address, Books>[];
}

/** Plays a federation. The same seed plays the same one. */
export async function playJournal(seed: number, steps: number): Promise<Journal> {
  const env = { JOURNAL_SEED: `${seed}`, JOURNAL_STEPS: `${steps}` };
  const { code, stdout } = await tool('forge', ['test', '--match-contract', 'JournalTest'], {
    env,
    capture: true,
  });
  if (code !== 0) throw new Error(`the journal of seed ${seed} was not played:\n${stdout}`);
  const file = join(root, 'build/contracts/journals', `${seed}.txt`);
  const text = await readFile(file, 'utf8');
  await rm(file);
  return parse(text.trimEnd().split('\n'), steps);
}

function parse(lines: readonly string[], count: number): Journal {
  const logs: Log[] = [];
  const books = new Map<Address, Books>();
  const steps: Map<Address, Books>[] = [];
  for (const line of lines) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'E') steps.push(new Map(books));
    else if (kind === 'L') {
      const [call, address, data, ...topics] = words as [string, Address, Hex, ...Hex[]];
      logs.push(logOf(call, { address, data, topics, logIndex: logs.length }));
    } else {
      const [account, bonded, queued, pledged, credit, held] = words as [Address, ...string[]];
      const [b, q, p, c, h] = [bonded, queued, pledged, credit, held].map((word) => BigInt(word!));
      books.set(account, { bonded: b!, queued: q!, pledged: p!, credit: c!, held: h! });
    }
  }
  if (steps.length !== count + 1) throw new Error(`${steps.length} steps were written`);
  return { events: eventsOf(logs), steps };
}

/** A log of a step: forge has no transactions, so what a step did stands for one. */
function logOf(
  step: string,
  { address, data, topics, logIndex }: Pick<Log, 'address' | 'data'> & { topics: Hex[]; logIndex: number },
): Log {
  const number = BigInt(step);
  const hash: Hex = `0x${number.toString(16).padStart(64, '0')}`;
  return {
    address,
    data,
    topics: topics as [Hex, ...Hex[]],
    logIndex,
    blockNumber: number,
    blockHash: hash,
    transactionHash: hash,
    transactionIndex: 0,
    removed: false,
  };
}
