// Where a task's logs begin: no log of it is older than the block that posted it, and a deployment may be years old.
import { type Deployment, marketplaceAbi } from '@murmuration/contracts';
import type { PublicClient } from 'viem';

/** Which task of which deployment is looked for. */
export interface SearchSettings {
  readonly client: Pick<PublicClient, 'readContract'>;
  readonly deployment: Deployment;
  /** The latest block. */
  readonly head: bigint;
  readonly task: bigint;
}

/**
 * The block that posted a task, by some twenty questions for how many tasks there were at a block. Nodes that do not
 * keep so old a state cannot tell; what is known without them is the deployment's block, or a later one at which
 * the task was not posted yet.
 */
export async function firstBlockOf({ client, deployment, head, task }: SearchSettings): Promise<bigint> {
  const { marketplace: address, fromBlock } = deployment;
  const call = { address, abi: marketplaceAbi, functionName: 'taskCount' } as const;
  let low = BigInt(fromBlock);
  let high = head;
  while (low < high) {
    const blockNumber = (low + high) / 2n;
    const count = await client.readContract({ ...call, blockNumber }).catch(() => undefined);
    if (count === undefined) return low;
    if (count < task) low = blockNumber + 1n;
    else high = blockNumber;
  }
  return low;
}
