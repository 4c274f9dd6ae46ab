// A connection of one account to a chain: checks that it is the chain that the deployment is on.

import type { Deployment } from '@murmuration/contracts';
import {
  type Account,
  createPublicClient,
  createWalletClient,
  defineChain,
  http,
  type PublicClient,
} from 'viem';
import { defaultSenderSettings, Sender, type SenderSettings } from './sender.ts';

export interface Connection {
  client: PublicClient;
  sender: Sender;
}

/** Connects to the JSON-RPC endpoint. @throws Error when it does not answer or serves another chain. */
export async function connect(
  url: string,
  account: Account,
  deployment: Pick<Deployment, 'chainId'>,
  settings: SenderSettings & { pollingInterval?: number } = defaultSenderSettings,
): Promise<Connection> {
  const { chainId } = deployment;
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const pollingInterval = settings.pollingInterval ?? 1000;
  const client = createPublicClient({ chain, transport: http(url), pollingInterval });
  const found = await client.getChainId().catch((error: Error) => {
    throw new Error(
      `chain: ${url} does not answer (${error.message.split('\n')[0]}); start the node, or set another --rpc`,
    );
  });
  if (found !== chainId)
    throw new Error(
      `chain: ${url} serves chain ${found}, the deployment is on chain ${chainId}; set another --rpc or deployment`,
    );
  const wallet = createWalletClient({ account, chain, transport: http(url) });
  return { client, sender: new Sender(client, wallet, settings) };
}
