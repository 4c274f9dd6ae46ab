// Whether an account can pay for what it is about to do: said before anything is sent, with the amounts.

import { type Deployment, developmentChains } from '@murmuration/contracts';
import { type Address, erc20Abi, type PublicClient } from 'viem';
import { UserError } from './errors.ts';
import { tokens } from './output.ts';

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

/** @throws UserError unless the account has ether for gas, and `amount` of the deployment's token for `what`. */
export async function checkMoney(
  client: PublicClient,
  deployment: Deployment,
  account: Address,
  amount: bigint,
  what: string,
): Promise<void> {
  const mend = developmentChains.includes(deployment.chainId)
    ? '`murmur account fund` gives play money on a development chain'
    : `send it some of token ${deployment.token}`;
  const { ether, tokens: balance } = await balancesOf(client, deployment, account);
  if (balance < amount)
    throw new UserError(
      `${account} has ${tokens(balance)} tokens, ${what} takes ${tokens(amount)}; ${mend}.`,
    );
  if (ether === 0n)
    throw new UserError(
      `${account} has no ether to pay gas with on chain ${deployment.chainId}; send it some${developmentChains.includes(deployment.chainId) ? ', with `murmur account fund`' : ''}.`,
    );
}
