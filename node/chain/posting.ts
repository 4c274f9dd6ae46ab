// What the log of a task's post says beyond the views: its terms, and its origin.
import { type Deployment, marketplaceAbi } from '@murmuration/contracts';
import { encodeAbiParameters, getAbiItem, type Hash, type Hex, keccak256, type PublicClient } from 'viem';
import { NodeError } from '../errors.ts';
import { firstBlockOf } from './first_block.ts';
import { type BlockRange, latestIn } from './windows.ts';

/**
 * The block that posted a task. Its hash tells the task from all of the same number on other histories of the chain: a
 * development chain that is begun anew has the same id, the same contracts and the same numbers of tasks.
 */
export interface Origin {
  readonly block: bigint;
  readonly hash: Hash;
}

/** A task's post. */
export interface Posting {
  readonly origin: Origin;
  /**
   * The hash of all that the planner posted: what a member states that it joins (docs/encodings.md, "Basis"). The
   * views do not tell it: a reward may have been raised since.
   */
  readonly terms: Hex;
}

/**
 * Reads a task's post from its log.
 * @throws NodeError `task` where there is none of this number.
 */
export async function readPosting(
  client: PublicClient,
  deployment: Deployment,
  task: bigint,
): Promise<Posting> {
  const { number: head } = await client.getBlock();
  const postedIn = async (range: BlockRange) => {
    const query = { address: deployment.marketplace, abi: marketplaceAbi, eventName: 'TaskPosted' } as const;
    const [posted] = await client.getContractEvents({ ...query, args: { task }, strict: true, ...range });
    return posted;
  };
  const first = await firstBlockOf({ client, deployment, head, task });
  // Where the node keeps no old state the first block is not known, and most tasks that are joined are young.
  const posted =
    (await postedIn({ fromBlock: first, toBlock: first })) ??
    (await latestIn({ fromBlock: first, toBlock: head }, postedIn));
  if (!posted) throw new NodeError('task', `task ${task}: not posted on this deployment`);
  const { parameters, economics, rules, deadlines } = posted.args;
  const layout = getAbiItem({ abi: marketplaceAbi, name: 'post' }).inputs;
  return {
    origin: { block: posted.blockNumber, hash: posted.blockHash },
    terms: keccak256(encodeAbiParameters(layout, [parameters, economics, rules, deadlines])),
  };
}
