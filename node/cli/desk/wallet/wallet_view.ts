// What a wallet has on this chain, by itself and through the accounts that it owns.
import { type Deployment, developmentChains } from '@murmuration/contracts';
import type { Operator, Wallet } from '@murmuration/desk';
import type { Address, PublicClient } from 'viem';
import { readOperators, readStake, rpcAddresses } from '../../../chain/index.ts';
import { balancesOf } from '../../open/money.ts';

export interface WalletPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly settings: { readonly rpc: string };
}

/** An account that a wallet owns; amounts in the smallest unit, seconds of the chain. */
export interface OperatorView {
  readonly address: Address;
  readonly free: bigint;
  readonly pledged: bigint;
  readonly queued: bigint;
  readonly withdrawable: bigint;
  readonly withdrawableAt: bigint;
  readonly claimable: bigint;
}

/** One account of a wallet, by the chain's clock. */
export async function readOperator(
  { client, deployment }: Pick<WalletPlace, 'client' | 'deployment'>,
  address: Address,
): Promise<OperatorView & { readonly owner: Address }> {
  const [stake, { timestamp }] = await Promise.all([
    readStake(client, deployment, address),
    client.getBlock(),
  ]);
  const { bonded, free, pledged, queued, withdrawableAt, credit: claimable, owner } = stake;
  const spare = bonded + queued - pledged;
  const withdrawable = withdrawableAt > timestamp ? 0n : spare < queued ? spare : queued;
  return { address, owner, free, pledged, queued, withdrawable, withdrawableAt, claimable };
}

export async function readWallet(place: WalletPlace, owner: Address): Promise<Wallet> {
  const { client, deployment, settings } = place;
  const [{ ether, tokens }, accounts] = await Promise.all([
    balancesOf(client, deployment, owner),
    readOperators(client, deployment, owner),
  ]);
  const operators = await Promise.all(accounts.map((account) => readOperator(place, account)));
  const id = deployment.chainId;
  const rpc = openRpc(settings.rpc);
  return {
    owner,
    chain: {
      id,
      name: developmentChains.includes(id) ? `development chain ${id}` : `chain ${id}`,
      ...(rpc !== undefined && { rpc }),
    },
    ether: `${ether}`,
    tokens: `${tokens}`,
    operators: operators.map(shown),
  };
}

const shown = (of: OperatorView): Operator => ({
  address: of.address,
  free: `${of.free}`,
  pledged: `${of.pledged}`,
  queued: `${of.queued}`,
  withdrawable: `${of.withdrawable}`,
  withdrawableAt: `${of.withdrawableAt}`,
  claimable: `${of.claimable}`,
});

/** The chain's node where a wallet may know it: what stands behind its host, or before it, may be a key of this node's. */
export function openRpc(setting: string): string | undefined {
  const [{ url, headers, name }] = rpcAddresses(setting) as [ReturnType<typeof rpcAddresses>[0]];
  const { protocol, hostname } = new URL(url);
  const isSafe = protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return isSafe && url === `${name}/` && Object.keys(headers).length === 0 ? name : undefined;
}
