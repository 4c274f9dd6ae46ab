// A connection of one account to a chain, which is checked to be the chain that the deployment is on.
import type { Deployment } from '@murmuration/contracts';
import { type Account, createPublicClient, defineChain, type PublicClient } from 'viem';
import { NodeError } from '../errors.ts';
import type { ChainReader } from './chain_reader.ts';
import { GasKnown } from './gas_known.ts';
import { Heads } from './heads.ts';
import type { Outgoing } from './outgoing.ts';
import { shownRpc } from './rpc/address.ts';
import { Silence, withSilence } from './rpc/silence.ts';
import { type RpcLimits, rpcTransport } from './rpc/transport.ts';
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
  /** Of the JSON-RPC interface; of several nodes, with commas between. */
  readonly url: string;
  readonly deployment: Pick<Deployment, 'chainId'>;
  readonly settings?: ConnectionSettings;
  /** What the accounts of a process read with together; the account's own client unless given. */
  readonly reader?: ChainReader;
}

/** A client of a chain; of the one that a deployment is on, where that is given. */
export function createClient(
  { url, deployment, settings }: Pick<Endpoint, 'url' | 'settings'> & Partial<Pick<Endpoint, 'deployment'>>,
  limits: RpcLimits = {},
): PublicClient {
  const pollingInterval = settings?.pollingInterval ?? 1000;
  const silence = new Silence();
  const transport = rpcTransport(url, { ...limits, onSilence: (error) => silence.tell(error) });
  if (!deployment) return withSilence(createPublicClient({ transport, pollingInterval }), silence);
  const { chainId: id } = deployment;
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'ether', symbol: 'ETH', decimals: 18 },
    // The transport has them; what knows no address tells none.
    rpcUrls: { default: { http: [] } },
  });
  return withSilence(createPublicClient({ chain, transport, pollingInterval }), silence);
}

/**
 * Connects an account.
 * @throws NodeError `chain` when the endpoint does not answer, or serves another chain.
 */
export async function connect(endpoint: Endpoint, account: Account): Promise<Connection> {
  const client = await openClient(endpoint);
  return { client, sender: senderOf(endpoint, { client, account }) };
}

/** The client of an endpoint, which serves the chain of the deployment. @throws as {@link connect}. */
export async function openClient(endpoint: Endpoint): Promise<PublicClient> {
  const { url, deployment, reader } = endpoint;
  const { chainId } = deployment;
  const client = reader?.client ?? createClient(endpoint);
  const found = await client.getChainId();
  if (found !== chainId)
    throw new NodeError(
      'chain',
      `${shownRpc(url)} serves chain ${found}, the deployment is on chain ${chainId}`,
      {
        mend: 'Set another --rpc or deployment.',
      },
    );
  return client;
}

/** Who sends, and who hears of it before. */
export interface SendingAccount {
  /** Of {@link openClient}. */
  readonly client: PublicClient;
  readonly account: Account;
  readonly outgoing?: Outgoing;
}

/** An account's sender at an endpoint. */
export function senderOf(
  { deployment: { chainId }, reader, settings = defaultSenderSettings }: Endpoint,
  { client, account, outgoing }: SendingAccount,
): Sender {
  const { heads, gas } = reader ?? { heads: new Heads(client, { freshFor: 0 }), gas: new GasKnown() };
  return new Sender({ client, chainId, heads, gas, outgoing }, account, settings);
}
