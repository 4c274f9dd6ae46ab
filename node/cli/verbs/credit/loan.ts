// `credit borrow`, `credit repay`: an account's loan at a pool.
import { type Address, formatUnits, parseUnits } from 'viem';
import { NodeError } from '../../../errors.ts';
import {
  addCollateral,
  type Borrowing,
  borrow,
  type LoanView,
  type PoolView,
  readLoan,
  readPool,
  repay,
  type TokenView,
  withdrawCollateral,
} from '../../../lending/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openMember } from '../../open/member.ts';
import { print } from '../../output/format.ts';

type LoanSettings = AccountSettings & {
  readonly pool: Address;
  readonly amount?: string;
  readonly collateral?: string;
};

/** `credit borrow`. */
export async function borrowFrom(settings: LoanSettings): Promise<void> {
  await atPool(settings, async (borrowing, { collateral, amount }) => {
    if (collateral) await addCollateral(borrowing, collateral);
    if (amount) await borrow(borrowing, amount);
  });
}

/** `credit repay`. */
export async function repayTo(settings: LoanSettings): Promise<void> {
  await atPool(settings, async (borrowing, { collateral, amount }) => {
    if (amount) await repay(borrowing, amount);
    if (collateral) await withdrawCollateral(borrowing, collateral);
  });
}

async function atPool(
  settings: LoanSettings,
  act: (borrowing: Borrowing, amounts: { amount?: bigint; collateral?: bigint }) => Promise<void>,
): Promise<void> {
  const { amount, collateral } = settings;
  if (amount === undefined && collateral === undefined)
    throw new NodeError('input', 'neither --amount nor --collateral is given, but nothing else can be done');
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const pool = await readPool(client, settings.pool);
  const member = await openMember(settings, deployment, 'credit');
  try {
    await act(
      { sender: member.sender, pool },
      {
        ...(amount !== undefined && { amount: unitsOf(amount, pool.asset) }),
        ...(collateral !== undefined && { collateral: unitsOf(collateral, pool.collateral) }),
      },
    );
    const loan = await readLoan(client, pool.pool, member.sender.account.address);
    print(settings.json, loan, loanLines(pool, loan).join('\n'));
  } finally {
    await member.close();
  }
}

/** @throws NodeError `input` for more decimals than the token has. */
function unitsOf(amount: string, { symbol, decimals }: TokenView): bigint {
  if ((amount.split('.')[1] ?? '').length <= decimals) return parseUnits(amount, decimals);
  throw new NodeError('input', `the amount is ${amount}, but ${symbol} has ${decimals} decimals`);
}

/** An amount of a token, for people. */
export const amountOf = (amount: bigint, { symbol, decimals }: TokenView): string =>
  `${formatUnits(amount, decimals)} ${symbol}`;

/** A loan, for people. */
export function loanLines(pool: PoolView, { collateral, debt, terms }: LoanView): string[] {
  const share = (points: bigint) => `${Number(points) / 100} %`;
  return [
    `debt ${amountOf(debt, pool.asset)}, collateral ${amountOf(collateral, pool.collateral)}`,
    `collateral of ${share(terms.open)} of the debt is asked for; below ${share(terms.kept)} the loan is liquidated`,
  ];
}
