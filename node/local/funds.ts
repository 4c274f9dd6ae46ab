// Money of a development chain: its first account gives ether, the development token mints.
import { type Address, createPublicClient, createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { type Deployment, developmentChains, developmentTokenAbi } from '../../contracts/index.ts';

/** The first account of anvil and Hardhat, whose key everybody knows. */
export const developmentAccount = mnemonicToAccount(
  'test test test test test test test test test test test junk',
);

/** Gives an account development tokens and ether for gas, in this order. @throws on a chain that is no development chain. */
export async function fund(
  chain: { url: string; deployment: Pick<Deployment, 'token' | 'chainId'> },
  to: Address,
  ether: bigint,
  tokens: bigint,
): Promise<void> {
  const { url, deployment } = chain;
  if (!developmentChains.includes(deployment.chainId))
    throw new Error(
      `fund: chain ${deployment.chainId} is no development chain (${developmentChains.join(', ')}); money is real there`,
    );
  const transport = http(url);
  const giver = createWalletClient({ account: developmentAccount, transport });
  const reader = createPublicClient({ transport, pollingInterval: 50 });
  const minted = await giver.writeContract({
    address: deployment.token,
    abi: developmentTokenAbi,
    functionName: 'mint',
    args: [to, tokens],
    chain: null,
  });
  await reader.waitForTransactionReceipt({ hash: minted });
  const paid = await giver.sendTransaction({ to, value: ether, chain: null });
  await reader.waitForTransactionReceipt({ hash: paid });
}
