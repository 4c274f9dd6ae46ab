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
  const { baseFeePerGas } = await heads.look();
  if (baseFeePerGas === null) return { type: 'legacy', gasPrice: await client.getGasPrice() };
  const maxPriorityFeePerGas = await tip(client, baseFeePerGas);
  // Six full blocks in a row double the base fee; what of it is not needed is not paid.
  return { type: 'eip1559', maxFeePerGas: 2n * baseFeePerGas + maxPriorityFeePerGas, maxPriorityFeePerGas };
}

/** What the maker of the block is offered: what the node proposes, or what its price for gas leaves; {@link mostTip} at most. */
async function tip(client: Pick<PublicClient, 'getGasPrice' | 'request'>, baseFee: bigint): Promise<bigint> {
  const proposed = await proposedTip(client, baseFee);
  return proposed < mostTip ? proposed : mostTip;
}

async function proposedTip(
  client: Pick<PublicClient, 'getGasPrice' | 'request'>,
  baseFee: bigint,
): Promise<bigint> {
  try {
    return BigInt(await client.request({ method: 'eth_maxPriorityFeePerGas' }));
  } catch {
    const price = await client.getGasPrice();
    return price > baseFee ? price - baseFee : 0n;
  }
}

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
