// Money of a development chain: its first account gives ether, and mints development tokens.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, developmentChains, developmentTokenAbi } from '@murmuration/contracts';
import { type Address, BaseError, createPublicClient, createWalletClient, type Hash } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { rpcTransport } from '../chain/index.ts';
import { NodeError } from '../errors.ts';

/** The first account of anvil and Hardhat, whose key everybody knows. Its words would be hashed 2048 times for it. */
export const developmentAccount = privateKeyToAccount(
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
);

/** What an account is given: ether in wei, tokens in the development token's smallest unit. */
export interface Gift {
  readonly to: Address;
  readonly ether: bigint;
  readonly tokens: bigint;
}

/**
 * Gives an account development tokens and ether for gas, in this order.
 * @throws NodeError `input` on a chain that is no development chain.
 */
export async function fund(
  chain: { readonly url: string; readonly deployment: Pick<Deployment, 'token' | 'chainId'> },
  { to, ether, tokens }: Gift,
): Promise<void> {
  const { url, deployment } = chain;
  if (!developmentChains.includes(deployment.chainId))
    throw new NodeError(
      'input',
      `fund: chain ${deployment.chainId} is no development chain (${developmentChains.join(', ')}); ` +
        'money is real there',
    );
  const transport = rpcTransport(url);
  const giver = createWalletClient({ account: developmentAccount, transport });
  const reader = createPublicClient({ transport, pollingInterval: 50 });
  const send = async (make: () => Promise<Hash>) =>
    reader.waitForTransactionReceipt({ hash: await inTurn(make) });
  await send(() =>
    giver.writeContract({
      address: deployment.token,
      abi: developmentTokenAbi,
      functionName: 'mint',
      args: [to, tokens],
      chain: null,
    }),
  );
  await send(() => giver.sendTransaction({ to, value: ether, chain: null }));
}

/**
 * All processes give from one account: where another process has taken the nonce, the transaction is sent
 * again.
 */
async function inTurn(send: () => Promise<Hash>): Promise<Hash> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const taken = error instanceof BaseError && /nonce|underpriced/i.test(error.details);
      if (!taken || attempt === attempts) throw error;
      await sleep(100 * attempt);
    }
  }
}

const attempts = 10;
