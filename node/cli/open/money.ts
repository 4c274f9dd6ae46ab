// Whether an account can pay for what it is about to do: said before anything is sent, with the amounts.
import { type Deployment, developmentChains } from '@murmuration/contracts';
import { type Address, erc20Abi, type PublicClient } from 'viem';
import { NodeError } from '../../errors.ts';
import { tokens } from '../output/format.ts';

/** What an account could spend: ether for gas, and tokens of the deployment. */
export async function balancesOf(
  client: PublicClient,
  { token }: Deployment,
  account: Address,
): Promise<{ ether: bigint; tokens: bigint }> {
  const [ether, tokens] = await Promise.all([
    client.getBalance({ address: account }),
    client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [account] }),
  ]);
  return { ether, tokens };
}

/**
 * @param need the amount in the smallest unit of the deployment's token, and what it is for.
 * @throws NodeError `input` unless the account has ether for gas, and this amount of the token.
 */
export async function checkMoney(
  client: PublicClient,
  deployment: Deployment,
  account: Address,
  need: { readonly amount: bigint; readonly what: string },
): Promise<void> {
  const { chainId, token } = deployment;
  const development = developmentChains.includes(chainId);
  const play = '`murmur account fund` gives play money on a development chain.';
  const { ether, tokens: balance } = await balancesOf(client, deployment, account);
  if (balance < need.amount)
    throw new NodeError(
      'input',
      `${account} has ${tokens(balance)} tokens, but ${need.what} takes ${tokens(need.amount)}`,
      { mend: development ? play : `Send it some of token ${token}.` },
    );
  if (ether === 0n)
    throw new NodeError('input', `${account} has no ether to pay gas with on chain ${chainId}`, {
      mend: development ? play : 'Send it some.',
    });
}
