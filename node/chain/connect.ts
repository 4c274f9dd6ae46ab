// A connection of one account to a chain, which is checked to be the chain that the deployment is on.
import type { Deployment } from '@murmuration/contracts';
import { reasonOf } from '@murmuration/core';
import { type Account, createPublicClient, defineChain, http, type PublicClient } from 'viem';
import { NodeError } from '../errors.ts';
import type { ChainReader } from './chain_reader.ts';
import { GasKnown } from './gas_known.ts';
import { Heads } from './heads.ts';
import { defaultSenderSettings, Sender, type SenderSettings } from './sender.ts';

/** What an account reads and sends with. */
export interface Connection {
  readonly client: PublicClient;
  readonly sender: Sender;
}

/** How an account reads and sends. */
export interface ConnectionSettings extends SenderSettings {
  /** Milliseconds between looks for a new block; 1000 by default. */
  readonly pollingInterval?: number;
}

/** Where a chain answers. */
export interface Endpoint {
  /** Of the JSON-RPC interface. */
  readonly url: string;
  readonly deployment: Pick<Deployment, 'chainId'>;
  readonly settings?: ConnectionSettings;
  /** What the accounts of a process read with together; the account's own client unless given. */
  readonly reader?: ChainReader;
}

/** A client of the chain that a deployment is on. */
export function createClient({ url, deployment, settings }: Omit<Endpoint, 'reader'>): PublicClient {
  const { chainId } = deployment;
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const pollingInterval = settings?.pollingInterval ?? 1000;
  return createPublicClient({ chain, transport: http(url), pollingInterval });
}

/**
 * Connects an account.
 * @throws NodeError `chain` when the endpoint does not answer, or serves another chain.
 */
export async function connect(endpoint: Endpoint, account: Account): Promise<Connection> {
  const { url, deployment, reader, settings = defaultSenderSettings } = endpoint;
  const { chainId } = deployment;
  const client = reader?.client ?? createClient(endpoint);
  const found = await client.getChainId().catch((cause: unknown) => {
    throw new NodeError('chain', `${url} does not answer (${reasonOf(cause).split('\n')[0]})`, {
      mend: 'Start the node, or set another --rpc.',
      cause,
    });
  });
  if (found !== chainId)
    throw new NodeError('chain', `${url} serves chain ${found}, the deployment is on chain ${chainId}`, {
      mend: 'Set another --rpc or deployment.',
    });
  const shared = reader ?? { heads: new Heads(client, { freshFor: 0 }), gas: new GasKnown() };
  const context = { client, chainId, heads: shared.heads, gas: shared.gas };
  return { client, sender: new Sender(context, account, settings) };
}
