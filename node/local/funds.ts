// Money of a development chain: its first account gives ether, and mints development tokens.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, developmentChains, developmentTokenAbi } from '@murmuration/contracts';
import {
  type Address,
  BaseError,
  createPublicClient,
  createWalletClient,
  type Hash,
  hexToBytes,
  parseEther,
} from 'viem';
import { rpcTransport } from '../chain/index.ts';
import { NodeError } from '../errors.ts';
import { accountOf } from '../keystore/index.ts';
import { createTurns } from '../state/index.ts';

/** The first account of anvil and Hardhat, whose key everybody knows. Its words would be hashed 2048 times for it. */
export const developmentAccount = accountOf(
  hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'),
);

/** What an account is given: ether in wei, tokens in the development token's smallest unit. */
export interface Gift {
  readonly to: Address;
  readonly ether: bigint;
  readonly tokens: bigint;
}

/**
 * Gives accounts development tokens and ether for gas, each in this order.
 * @throws NodeError `input` on a chain that is no development chain.
 */
export async function fund(
  chain: { readonly url: string; readonly deployment: Pick<Deployment, 'token' | 'chainId'> },
  ...gifts: readonly Gift[]
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
  const reader = createPublicClient({ transport, pollingInterval: 25 });
  const inTurn = (send: () => Promise<Hash>) => turns.take(url, () => insist(send));
  const sent: Hash[] = [];
  for (const { to, ether, tokens } of gifts) {
    const minting = {
      address: deployment.token,
      abi: developmentTokenAbi,
      functionName: 'mint',
      args: [to, tokens],
      chain: null,
    } as const;
    sent.push(await inTurn(() => giver.writeContract(minting)));
    sent.push(await inTurn(() => giver.sendTransaction({ to, value: ether, chain: null })));
  }
  // All are under way before the first is waited for.
  for (const hash of sent) await reader.waitForTransactionReceipt({ hash });
}

/** Gives each account that has no ether some for gas, and tokens. */
export async function fundNew(
  chain: Parameters<typeof fund>[0],
  gifts: readonly Omit<Gift, 'ether'>[],
): Promise<void> {
  const reader = createPublicClient({ transport: rpcTransport(chain.url) });
  const held = await Promise.all(gifts.map(({ to }) => reader.getBalance({ address: to })));
  const ether = parseEther('10');
  await fund(chain, ...gifts.filter((_, at) => held[at] === 0n).map((gift) => ({ ...gift, ether })));
}

/**
 * On each chain this process sends one after the other: of two with one nonce, the chain may drop the one whose hash is
 * waited for.
 */
const turns = createTurns();

/**
 * All processes give from one account: where another process has taken the nonce, the transaction is sent
 * again.
 */
async function insist(send: () => Promise<Hash>): Promise<Hash> {
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
