// Windows of blocks: nodes limit how many blocks or logs they answer for, each in its own words.
import { walkCauses } from '@murmuration/core';
import { ChainAway } from './rpc/error.ts';

/** Blocks, both ends included. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** Most blocks asked for at once, unless it is told. */
export const defaultWindow = 2000;

/**
 * Whether a smaller window may be answered: the node refuses, with whatever code, or could not cope. One that is
 * away, or asked too often, answers a smaller question no sooner.
 */
export function mayHaveLess(error: unknown): boolean {
  const away = walkCauses(error, (cause) => cause instanceof ChainAway);
  return !(away instanceof ChainAway) || away.overtaxed;
}

/** Half of a window of more than one block. */
export const halfOf = ({ fromBlock, toBlock }: BlockRange): bigint => (toBlock - fromBlock + 1n) / 2n;

/** Looks in windows, from the latest back, until something is found. @returns undefined where nothing is. */
export async function latestIn<T>(
  range: BlockRange,
  look: (window: BlockRange) => Promise<T | undefined>,
): Promise<T | undefined> {
  let size = BigInt(defaultWindow);
  let { toBlock } = range;
  while (toBlock >= range.fromBlock) {
    const from = toBlock - size + 1n;
    const window = { fromBlock: from > range.fromBlock ? from : range.fromBlock, toBlock };
    try {
      const found = await look(window);
      if (found !== undefined) return found;
    } catch (error) {
      if (window.fromBlock === toBlock || !mayHaveLess(error)) throw error;
      size = halfOf(window);
      continue;
    }
    toBlock = window.fromBlock - 1n;
  }
  return undefined;
}
