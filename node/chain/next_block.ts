// The block that is being made: with its time, a deadline that has passed is over, though no block was made since.

import { walkCauses } from '@murmuration/core';
import { ContractFunctionRevertedError, type PublicClient } from 'viem';
import { ChainAway } from './rpc/error.ts';

/** The block that is being made, or the latest one. */
export type NextTag = 'pending' | 'latest';

/**
 * Asks at the block that is being made; where the node refuses that, since it knows of no such block, at the latest.
 * A call that its contract refuses has been answered.
 */
export async function atNext<T>(ask: (blockTag: NextTag) => Promise<T>): Promise<T> {
  try {
    return await ask('pending');
  } catch (error) {
    const answered = (cause: Error) =>
      cause instanceof ContractFunctionRevertedError || cause instanceof ChainAway;
    if (walkCauses(error, answered)) throw error;
    return ask('latest');
  }
}

/**
 * The time that a transaction sent now would see: seconds, chain time. Where the node knows of no block that is being
 * made, that of the latest one, a block's time too early: this machine's clock may be off by more.
 */
export function nextTime(client: Pick<PublicClient, 'getBlock'>): Promise<bigint> {
  return atNext(async (blockTag) => (await client.getBlock({ blockTag })).timestamp);
}
