// What an account lacks of a seat whose stake a wallet is to own: the wallet's signature brings it.
import type { Deployment } from '@murmuration/contracts';
import { type Address, isAddressEqual, type PublicClient } from 'viem';
import { readMandate, readSeat, readStake, readTask, type StakeView } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { gasOfRound } from '../../../review/index.ts';

/** Rounds' worth of gas for what comes before and after the rounds: joining, the key, leaving. */
const aroundRounds = 4;
/** Times the price of now, since it moves while a task runs. */
const priceMoves = 2n;

/** A seat that is wanted, and who is to own its stake. */
export interface Covering {
  readonly task: bigint;
  readonly role: 'trainer' | 'validator';
  readonly account: Address;
  readonly owner: Address;
  readonly stake: bigint;
}

/** What is missing, in the smallest unit; all 0 and `isOwned` where nothing is. */
export interface Cover {
  readonly isOwned: boolean;
  readonly bond: bigint;
  readonly mandate: bigint;
  /** Wei for gas that the account is to have when it joins. */
  readonly gas: bigint;
  /** What the account has in the vault, which comes to its owner. */
  readonly has: StakeView;
}

/**
 * Holds a wanted seat against the chain.
 * @returns undefined where the account has its seat.
 * @throws NodeError `task` where joining is over; `input` where somebody else owns the account.
 */
export async function readCover(
  client: PublicClient,
  deployment: Deployment,
  { task, role, account, owner, stake }: Covering,
): Promise<Cover | undefined> {
  const [posted, seat, has, mandate, ether, price] = await Promise.all([
    readTask(client, deployment, task),
    readSeat(client, deployment, { task, account }),
    readStake(client, deployment, account),
    readMandate(client, deployment, { task, account }),
    client.getBalance({ address: account }),
    client.getGasPrice(),
  ]);
  if (seat.role === role && !seat.removed) return undefined;
  if (posted.status !== 'open')
    throw new NodeError('task', `joining is over: task ${task} is ${posted.status}`);
  const isOwned = isAddressEqual(has.owner, owner);
  if (!isOwned && !isAddressEqual(has.owner, account))
    throw new NodeError('input', `account ${account} is owned by ${has.owner}, not by ${owner}`, {
      mend: 'Use the wallet of its owner, or another account of the node.',
    });
  const rounds = BigInt(posted.parameters.rounds + aroundRounds);
  const need = gasOfRound(role, posted.parameters.chunks) * rounds * price * priceMoves;
  return {
    isOwned,
    bond: has.free < stake ? stake - has.free : 0n,
    mandate: isOwned && mandate >= stake ? 0n : stake,
    gas: ether < need ? need - ether : 0n,
    has,
  };
}

/** Whether the account can take its seat. What it has of gas is enough to begin with. */
export const isCovered = (cover: Cover | undefined, ether: bigint): boolean =>
  cover === undefined || (cover.isOwned && cover.bond === 0n && cover.mandate === 0n && ether > 0n);
