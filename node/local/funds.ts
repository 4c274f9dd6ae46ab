// Money of a development chain: the first account of anvil gives ether, the development token mints.
import { type Address, createPublicClient, createWalletClient, http } from 'viem';
import { type Anvil, type Deployment, developmentTokenAbi } from '../../contracts/index.ts';

/** Gives an account ether for gas and development tokens. */
export async function fund(
  anvil: Anvil,
  deployment: Pick<Deployment, 'token'>,
  to: Address,
  ether: bigint,
  tokens: bigint,
): Promise<void> {
  const transport = http(anvil.url);
  const giver = createWalletClient({ account: anvil.account(0), transport });
  const reader = createPublicClient({ transport, pollingInterval: 50 });
  const paid = await giver.sendTransaction({ to, value: ether, chain: null });
  await reader.waitForTransactionReceipt({ hash: paid });
  const minted = await giver.writeContract({
    address: deployment.token,
    abi: developmentTokenAbi,
    functionName: 'mint',
    args: [to, tokens],
    chain: null,
  });
  await reader.waitForTransactionReceipt({ hash: minted });
}
