// All that an account has shown to a chain: its transactions, each cut into the fields of its call.
import { credentialsAbi, lendingPoolAbi } from '@murmuration/contracts';
import {
  type AbiParameter,
  type Address,
  erc20Abi,
  type Hex,
  type PublicClient,
  size,
  slice,
  toFunctionSelector,
} from 'viem';
import { NodeError } from '../errors.ts';

/** A field of a call, as its bytes stand in the transaction. */
export interface CallField {
  /** As the ABI calls it: `signals[3]`; the first is `selector`. */
  readonly name: string;
  readonly offset: number;
  readonly bytes: Hex;
}

/** A transaction's call. */
export interface ShownCall {
  readonly transaction: Hex;
  readonly to: Address;
  readonly call: string;
  readonly fields: readonly CallField[];
}

const functions = [...credentialsAbi, ...lendingPoolAbi, ...erc20Abi].filter(
  (entry) => entry.type === 'function',
);

/** Names of a parameter's words: of these calls none has a length of its own. */
function wordsOf({ name = '', type }: AbiParameter): string[] {
  const [, count] = /\[(\d+)\]$/.exec(type) ?? [];
  return count === undefined ? [name] : Array.from({ length: Number(count) }, (_, i) => `${name}[${i}]`);
}

/** Cuts a call into its fields. @throws NodeError `chain` for a call of no function of credit or of a token. */
export function callFields(data: Hex): { readonly call: string; readonly fields: readonly CallField[] } {
  const selector = size(data) < 4 ? '0x' : slice(data, 0, 4);
  const found = functions.find((entry) => toFunctionSelector(entry) === selector);
  const names = found?.inputs.flatMap(wordsOf) ?? [];
  // Behind its arguments a call may carry the hash of the account's own log, which the contract does not read.
  const [whole, length] = [size(data), 4 + 32 * names.length];
  if (found && whole === length + 32) names.push('log');
  else if (!found || whole !== length)
    throw new NodeError('chain', `a call begins with ${selector} and has ${size(data)} bytes: it is unknown`);
  const fields = names.map((name, i) => {
    const offset = 4 + 32 * i;
    return { name, offset, bytes: slice(data, offset, offset + 32) };
  });
  return { call: found.name, fields: [{ name: 'selector', offset: 0, bytes: selector }, ...fields] };
}

/** An account's transactions since a block, in their order. */
export async function callsOf(
  client: PublicClient,
  account: Address,
  fromBlock: bigint,
): Promise<ShownCall[]> {
  const calls: ShownCall[] = [];
  const last = await client.getBlockNumber({ cacheTime: 0 });
  for (let number = fromBlock; number <= last; number++) {
    const { transactions } = await client.getBlock({ blockNumber: number, includeTransactions: true });
    for (const { from, to, hash, input } of transactions)
      if (from === account.toLowerCase() && to) calls.push({ transaction: hash, to, ...callFields(input) });
  }
  return calls;
}
