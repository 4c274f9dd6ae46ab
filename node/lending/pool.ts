// A pool that lends by brackets: its policy, an account's loan, and what moves money. A call that takes tokens is approved
// for them alone, and before.
import { lendingPoolAbi } from '@murmuration/contracts';
import { type Address, type ContractFunctionReturnType, erc20Abi, type PublicClient } from 'viem';
import type { Sender } from '../chain/index.ts';
import { NodeError } from '../errors.ts';

/** A pool's policy, as it was born with it. */
export type PoolPolicy = ContractFunctionReturnType<typeof lendingPoolAbi, 'view', 'policy'>;

/** A token by its name, with the decimals of its smallest unit. */
export interface TokenView {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
}

/** A pool in the latest block; amounts in the smallest units of their tokens. */
export interface PoolView {
  readonly pool: Address;
  readonly policy: PoolPolicy;
  readonly asset: TokenView;
  readonly collateral: TokenView;
  readonly cash: bigint;
  readonly debt: bigint;
  /** Interest a year, in 10^-18. */
  readonly rate: bigint;
}

/** An account's loan. */
export interface LoanView {
  readonly collateral: bigint;
  /** With interest until now. */
  readonly debt: bigint;
  /** Basis points of the debt: to open, and below which it is liquidated; and what a liquidator gets on top. */
  readonly terms: { readonly open: bigint; readonly kept: bigint; readonly bonus: bigint };
}

/** @throws NodeError `chain` where there is no pool. */
export async function readPool(client: PublicClient, pool: Address): Promise<PoolView> {
  const read = { address: pool, abi: lendingPoolAbi } as const;
  const policy = await client.readContract({ ...read, functionName: 'policy' }).catch((cause: unknown) => {
    throw new NodeError('chain', `there is no lending pool at ${pool}`, {
      mend: 'Set another --pool or --rpc.',
      cause,
    });
  });
  const [asset, collateral, cash, debt, rate] = await Promise.all([
    readToken(client, policy.asset),
    readToken(client, policy.collateral),
    client.readContract({ ...read, functionName: 'cash' }),
    client.readContract({ ...read, functionName: 'totalDebt' }),
    client.readContract({ ...read, functionName: 'rate' }),
  ]);
  return { pool, policy, asset, collateral, cash, debt, rate };
}

async function readToken(client: PublicClient, address: Address): Promise<TokenView> {
  const read = { address, abi: erc20Abi } as const;
  const [symbol, decimals] = await Promise.all([
    client.readContract({ ...read, functionName: 'symbol' }),
    client.readContract({ ...read, functionName: 'decimals' }),
  ]);
  return { address, symbol, decimals };
}

/** An account's loan in the latest block. */
export async function readLoan(client: PublicClient, pool: Address, account: Address): Promise<LoanView> {
  const read = { address: pool, abi: lendingPoolAbi, args: [account] } as const;
  const [collateral, debt, terms] = await Promise.all([
    client.readContract({ ...read, functionName: 'collateralOf' }),
    client.readContract({ ...read, functionName: 'debtOf' }),
    client.readContract({ ...read, functionName: 'termsOf' }),
  ]);
  return { collateral, debt, terms };
}

/** Who moves money, at which pool. */
export interface Borrowing {
  readonly sender: Sender;
  readonly pool: Pick<PoolView, 'pool' | 'policy'>;
}

/** Adds collateral of the sender's. @throws Reverted `TransferInexact` for a token that keeps a fee. */
export async function addCollateral({ sender, pool }: Borrowing, amount: bigint): Promise<void> {
  const { pool: address, policy } = pool;
  await approve(sender, { token: policy.collateral, spender: address, amount });
  const args = [sender.account.address, amount] as const;
  await sender.send({ address, abi: lendingPoolAbi, functionName: 'addCollateral', args });
}

/** Takes collateral back. @throws Reverted `CollateralTooSmall`, or what the price is refused by. */
export async function withdrawCollateral({ sender, pool }: Borrowing, amount: bigint): Promise<void> {
  const call = { address: pool.pool, abi: lendingPoolAbi, functionName: 'withdrawCollateral' } as const;
  await sender.send({ ...call, args: [amount] });
}

/** @throws Reverted `CollateralTooSmall`, `CashTooSmall`, `DebtTooSmall`, or what the price is refused by. */
export async function borrow({ sender, pool }: Borrowing, amount: bigint): Promise<void> {
  await sender.send({ address: pool.pool, abi: lendingPoolAbi, functionName: 'borrow', args: [amount] });
}

/** Pays the sender's debt, or all of it if the amount is more. @throws Reverted `NoDebt`, `DebtTooSmall`. */
export async function repay({ sender, pool }: Borrowing, amount: bigint): Promise<void> {
  const { pool: address, policy } = pool;
  await approve(sender, { token: policy.asset, spender: address, amount });
  const args = [sender.account.address, amount] as const;
  await sender.send({ address, abi: lendingPoolAbi, functionName: 'repay', args });
}

/** Lends: the sender gets shares. */
export async function lend({ sender, pool }: Borrowing, amount: bigint): Promise<void> {
  const { pool: address, policy } = pool;
  await approve(sender, { token: policy.asset, spender: address, amount });
  const args = [amount, sender.account.address] as const;
  await sender.send({ address, abi: lendingPoolAbi, functionName: 'deposit', args });
}

async function approve(
  sender: Sender,
  { token, spender, amount }: { readonly token: Address; readonly spender: Address; readonly amount: bigint },
): Promise<void> {
  await sender.send({ address: token, abi: erc20Abi, functionName: 'approve', args: [spender, amount] });
}
