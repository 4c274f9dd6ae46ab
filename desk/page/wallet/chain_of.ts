// The desk's chain, as a wallet is told of it.
import type { Chain } from 'viem';
import type { Wallet } from '../../api/wallet.ts';

/** @throws Error where a wallet would need an address of the chain, and the node has none that it may hand on. */
export function chainOf(id: number, known: Wallet['chain'] | undefined): Chain {
  if (known?.id !== id || known.rpc === undefined) throw new UntoldChain(id);
  return {
    id,
    name: known.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [known.rpc] } },
  };
}

/** The node's own address of the chain may hold a key of its provider, so it is not handed on. */
export class UntoldChain extends Error {
  readonly id: number;
  constructor(id: number) {
    super(`The wallet does not know chain ${id}, and the node hands its own address of the chain to nobody.`);
    this.id = id;
  }
}
