// What a transaction offers for its gas, on chains with EIP-1559 and without.
import type { PublicClient } from 'viem';
import type { Heads } from './heads.ts';

/** What is offered for a unit of gas, in wei. */
export type Fees =
  | { readonly type: 'eip1559'; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly type: 'legacy'; readonly gasPrice: bigint };

/**
 * What the maker of a block is offered for a unit of gas, at most, in wei: 100 gwei. The node proposes it, and whoever makes
 * blocks gets all of it, so a node that lies could have an account spend all that it has on one transaction. Of the base
 * fee only what the chain asks for is spent.
 */
export const mostTip = 100n * 10n ** 9n;

/** The fees at present. */
export async function feesNow(
  client: Pick<PublicClient, 'getGasPrice' | 'request'>,
  heads: Pick<Heads, 'look'>,
): Promise<Fees> {
  const [{ baseFeePerGas }, proposed] = await Promise.all([heads.look(), proposedTip(client)]);
  if (baseFeePerGas === null) return { type: 'legacy', gasPrice: await client.getGasPrice() };
  const maxPriorityFeePerGas = least(proposed ?? (await tipOfPrice(client, baseFeePerGas)), mostTip);
  // Six full blocks in a row double the base fee; what of it is not needed is not paid.
  return { type: 'eip1559', maxFeePerGas: 2n * baseFeePerGas + maxPriorityFeePerGas, maxPriorityFeePerGas };
}

/** What the node proposes to offer the maker of a block; undefined where it does not: older chains have no such thing. */
async function proposedTip(client: Pick<PublicClient, 'request'>): Promise<bigint | undefined> {
  try {
    return BigInt(await client.request({ method: 'eth_maxPriorityFeePerGas' }));
  } catch {
    return undefined;
  }
}

/** What the node's price for gas leaves to the maker of a block. */
async function tipOfPrice(client: Pick<PublicClient, 'getGasPrice'>, baseFee: bigint): Promise<bigint> {
  const price = await client.getGasPrice();
  return price > baseFee ? price - baseFee : 0n;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Fees with which a transaction takes the place of one with these: pools want a tenth more. */
export function raised(fees: Fees): Fees {
  const more = (wei: bigint) => (wei * 5n) / 4n + 1n;
  if (fees.type === 'legacy') return { ...fees, gasPrice: more(fees.gasPrice) };
  return {
    ...fees,
    maxFeePerGas: more(fees.maxFeePerGas),
    maxPriorityFeePerGas: more(fees.maxPriorityFeePerGas),
  };
}
