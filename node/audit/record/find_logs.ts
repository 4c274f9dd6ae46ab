// Which logs of the chain are a task's: those of the deployment's contracts that name it, and what its
// members posted on the bulletin.
import { bulletinAbi, type Deployment } from '@murmuration/contracts';
import { type Address, type Hash, type Hex, isAddressEqual, type Log, type PublicClient } from 'viem';
import { catchUp, type FollowSettings, type LogQuery } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { places, readEvent } from '../replay/events.ts';

/** Which task of which deployment is audited, and how the chain is read. */
export interface ChainSource {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly task: bigint;
  readonly follow: FollowSettings;
}

/** A task's logs, in the order of the chain, and the block up to which they were read. */
export interface FoundLogs {
  readonly logs: readonly Log[];
  readonly until: { readonly number: bigint; readonly hash: Hash };
}

/** Finds a task's logs. @throws NodeError `task` where none posted it. */
export async function findLogs(source: ChainSource, say: (text: string) => void): Promise<FoundLogs> {
  const { client, deployment, task } = source;
  const contracts = places.filter((place) => place !== 'bulletin').map((place) => deployment[place]);
  const belongs = taskFilter(deployment, task);
  const members = new Set<Address>();
  const found: Log[] = [];
  const until = await readAll(
    source,
    (query) => client.getLogs({ address: contracts, ...query }),
    (logs, at) => {
      say(`reads the logs up to block ${at}`);
      for (const log of logs) {
        if (!belongs(log)) continue;
        found.push(log);
        const event = readEvent(log);
        if (event?.eventName === 'CommitteeSet')
          for (const account of [...event.args.trainers, ...event.args.validators]) members.add(account);
      }
    },
  );
  if (found.length === 0)
    throw new NodeError('task', `task ${task} was not posted on this deployment`, {
      mend: 'See `murmur planner list`.',
    });
  if (members.size > 0) {
    // Anybody can post any number of digests; those of members alone are read, here as everywhere.
    const query = { address: deployment.bulletin, abi: bulletinAbi, eventName: 'Posted' } as const;
    const args = { task, sender: [...members] };
    await readAll(
      source,
      (blocks) => client.getContractEvents({ ...query, args, ...blocks }),
      (logs) => {
        found.push(...logs);
      },
    );
  }
  found.sort((a, b) => Number(a.blockNumber! - b.blockNumber!) || a.logIndex! - b.logIndex!);
  return { logs: found, until };
}

async function readAll(
  { client, deployment, follow }: ChainSource,
  logsIn: (blocks: LogQuery) => Promise<Log[]>,
  enter: (logs: readonly Log[], until: bigint) => void,
): Promise<FoundLogs['until']> {
  const from = { next: BigInt(deployment.fromBlock), hash: null };
  const context = { client, settings: follow, latest: () => client.getBlock(), logsIn };
  const { next, hash } = await catchUp(context, from, async (logs, cursor) => enter(logs, cursor.next - 1n));
  return { number: next - 1n, hash: hash ?? '0x' };
}

/** Whether a log is of the task. What becomes of a dispute is told by its id alone. */
export function taskFilter(
  deployment: Deployment,
  task: bigint,
): (log: { readonly address: Address; readonly topics: readonly Hex[]; readonly data: Hex }) => boolean {
  const disputes = new Set<Hex>();
  return (log) => {
    if (!places.some((place) => isAddressEqual(deployment[place], log.address))) return false;
    const event = readEvent(log as Log);
    if (!event) return false;
    if ('task' in event.args) {
      const mine = event.args.task === task;
      if (mine && event.eventName === 'DisputeFiled') disputes.add(event.args.dispute);
      return mine;
    }
    return 'dispute' in event.args && disputes.has(event.args.dispute);
  };
}
