// An account's transactions as the chain has them, one for each number that it has counted: each read from its
// block, which is held against its own hash. None can be left out, since the chain counts them.
import { reasonOf } from '@murmuration/core';
import type { Address, Hash, Hex, PublicClient } from 'viem';
import { type AuditedBlock, type Doubt, readBlock } from '../record/block.ts';

/** A transaction of the account. */
export interface AccountCall {
  readonly nonce: number;
  readonly hash: Hash;
  readonly to: Address | null;
  readonly input: Hex;
  readonly block: bigint;
  /** What of its block does not give the block's hash. */
  readonly doubts: readonly Doubt[];
}

/** A transaction that cannot be had. */
export interface UnreadCall {
  readonly nonce: number;
  readonly why: string;
}

/** Whose transactions, up to which block. */
export interface AccountSource {
  readonly client: PublicClient;
  readonly account: Address;
  readonly until: bigint;
}

/** Which transactions, and under which hashes they may be found. */
export interface Wanted {
  readonly from: number;
  /** The first that is not wanted. */
  readonly to: number;
  hashesOf(nonce: number): readonly Hex[];
}

/** Reads the account's transactions in order. */
export async function* readAccountCalls(
  source: AccountSource,
  { from, to, hashesOf }: Wanted,
): AsyncGenerator<AccountCall | UnreadCall> {
  let last: AuditedBlock | undefined;
  let lowest = 0n;
  for (let nonce = from; nonce < to; nonce++) {
    try {
      const number =
        (await blockByHash(source, nonce, hashesOf(nonce))) ?? (await blockByCount(source, nonce, lowest));
      if (last?.number !== number) last = await readBlock(source.client, number);
      const { account } = source;
      const call = [...last.calls.values()].find((each) => each.from === account && each.nonce === nonce);
      if (!call) throw new Error(`block ${number} does not hold it, though the node says so`);
      lowest = number;
      yield { ...call, block: number, doubts: last.doubts };
    } catch (error) {
      yield { nonce, why: reasonOf(error) };
    }
  }
}

/** The block of a transaction whose hash is known. */
async function blockByHash(
  { client, account, until }: AccountSource,
  nonce: number,
  hashes: readonly Hex[],
): Promise<bigint | undefined> {
  for (const hash of hashes) {
    // A node that has forgotten it may still have its block.
    const found = await client.getTransaction({ hash }).catch(() => undefined);
    if (!found || found.blockNumber === null || found.blockNumber > until) continue;
    if (found.nonce === nonce && found.from.toLowerCase() === account.toLowerCase()) return found.blockNumber;
  }
  return undefined;
}

/** The block in which the account's count passed the number: it halves the blocks until one is left. */
async function blockByCount(
  { client, account: address, until }: AccountSource,
  nonce: number,
  lowest: bigint,
): Promise<bigint> {
  let [low, high] = [lowest, until];
  while (low < high) {
    const middle = (low + high) / 2n;
    const count = await client.getTransactionCount({ address, blockNumber: middle });
    if (count > nonce) high = middle;
    else low = middle + 1n;
  }
  return high;
}
