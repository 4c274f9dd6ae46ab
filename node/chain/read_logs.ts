// All logs of a kind from a block to the chain's head, at once, for what is read once and not followed.
import type { Log, PublicClient } from 'viem';
import { catchUp, defaultFollowSettings, type LogQuery } from './follow.ts';

/** Logs in the order of the chain. */
export interface ReadLogs {
  readonly logs: Log[];
  /** The block before which all were read. */
  readonly next: bigint;
}

/** Reads them. @param logsIn asks for those of some blocks. */
export async function readLogs(
  client: Pick<PublicClient, 'getBlock'>,
  from: bigint,
  logsIn: (blocks: LogQuery) => Promise<Log[]>,
): Promise<ReadLogs> {
  const logs: Log[] = [];
  const context = { client, settings: defaultFollowSettings, latest: () => client.getBlock(), logsIn };
  const { next } = await catchUp(context, { next: from, hash: null }, async (read) => {
    logs.push(...read);
  });
  return { logs, next };
}
