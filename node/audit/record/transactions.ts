// A task's transactions one after the other, each out of a block that was held against its hash.
import type { Log } from 'viem';
import type { Transaction } from '../replay/replay.ts';
import { type AuditedBlock, readBlock } from './block.ts';
import type { ChainSource, FoundLogs } from './find_logs.ts';

/** A block with what of it is the task's. */
export interface TaskBlock extends Pick<AuditedBlock, 'number' | 'hash' | 'time' | 'doubts'> {
  readonly transactions: readonly Transaction[];
}

/**
 * Reads the blocks in which a task's logs are, one at a time, so that memory does not grow with the chain.
 */
export async function* readBlocks(
  { client }: ChainSource,
  { logs }: Pick<FoundLogs, 'logs'>,
): AsyncGenerator<TaskBlock> {
  const byBlock = Map.groupBy(logs, ({ blockNumber }) => blockNumber!);
  for (const [number, found] of byBlock) {
    const block = await readBlock(client, number);
    yield taskBlock(block, found);
  }
}

/** What of a block is the task's, and whether the block has the logs that the node said. */
export function taskBlock(block: AuditedBlock, found: readonly Log[]): TaskBlock {
  const doubts = [...block.doubts];
  const transactions: Transaction[] = [];
  for (const [hash, logs] of Map.groupBy(found, ({ transactionHash }) => transactionHash!)) {
    const call = block.calls.get(hash);
    if (!call) {
      const text = `it does not hold transaction ${hash}, of which the node gave logs`;
      doubts.push({ kind: 'contradicts', text });
      continue;
    }
    for (const log of logs) {
      const held = block.logs.find(({ logIndex }) => logIndex === log.logIndex);
      const same =
        held?.data === log.data &&
        held.transactionHash === hash &&
        held.address.toLowerCase() === log.address.toLowerCase() &&
        held.topics.join() === log.topics.join();
      // Without receipts that is a doubt of its own already.
      if (block.logs.length > 0 && !same)
        doubts.push({ kind: 'contradicts', text: `its receipts have another log ${log.logIndex}` });
    }
    transactions.push({ ...call, moment: { time: block.time, random: block.random }, logs });
  }
  return { number: block.number, hash: block.hash, time: block.time, doubts, transactions };
}
