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

/** Journals of one seed: all roles doing anything, and a task in which a trainer is struck, cleared and put out. */
export interface Journals {
  readonly anything: Journal;
  readonly strikes: Journal;
}

/** Plays both federations. The same seed plays the same ones. */
export async function playJournals(seed: number): Promise<Journals> {
  const { code, stdout } = await tool('forge', ['test', '--match-path', 'contracts/test/Journal.t.sol'], {
    env: { JOURNAL_SEED: `${seed}` },
    capture: true,
  });
  if (code !== 0) throw new Error(`the journals of seed ${seed} were not played:\n${stdout}`);
  return { anything: await readJournal(`${seed}`), strikes: await readJournal(`${seed}-strikes`) };
}

async function readJournal(name: string): Promise<Journal> {
  const file = join(root, 'build/contracts/journals', `${name}.txt`);
  const text = await readFile(file, 'utf8');
  await rm(file);
  return parse(text.trimEnd().split('\n'));
}

function parse(lines: readonly string[]): Journal {
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
  if (lines.at(-1) !== 'E') throw new Error('the last step was not written whole');
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
