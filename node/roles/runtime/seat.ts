// A member's way into a task and out of it: stake is bonded, a seat applied for; at the end stake and
// earnings come back.
import type { Hex } from 'viem';
import { type AccountActions, Reverted } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { wholeTokens } from '../../protocol/index.ts';
import type { Member } from './member.ts';
import type { Places } from './places.ts';
import { entropyOf } from './seeds.ts';

/** A place on a task's allow-list. An open task gives everybody weight 1. */
export interface Listing {
  readonly weight: number;
  /** The place's Merkle proof, from the leaf up. */
  readonly proof: readonly Hex[];
}

/** An application for a seat. */
export interface Application {
  readonly task: bigint;
  readonly role: 'trainer' | 'validator';
  /** Pledged to the task, in the token's smallest unit. */
  readonly stake: bigint;
  /** Weight 1 without a proof, unless given. */
  readonly listing?: Listing | undefined;
}

/**
 * Bonds what is missing of the stake and applies for a seat. It can be repeated after a crash: stake that is
 * bonded is not bonded again.
 * @returns false when the account has applied already.
 */
export async function applyForSeat(
  member: Pick<Member, 'actions' | 'secretBox' | 'signer' | 'deployment'> & {
    readonly places: Pick<Places, 'enter'>;
  },
  { task, role, stake, listing = { weight: 1, proof: [] } }: Application,
): Promise<boolean> {
  const { actions } = member;
  const seat = await actions.seat(task);
  if (seat.role === role && !seat.removed) return false;
  const { origin, terms } = await actions.posting(task);
  const place = { task, origin };
  await member.places.enter(place);
  await checkMandate(actions, task, stake);
  await bondUpTo(actions, stake);
  const { entropy } = entropyOf(member, place);
  await actions.join(task, { role, ...listing, stake, terms, entropy });
  return true;
}

/**
 * Bonds as much as the account's free stake lacks of `stake`.
 * @throws NodeError `input` as {@link missingStake}.
 */
export async function bondUpTo(actions: AccountActions, stake: bigint): Promise<void> {
  const missing = await missingStake(actions, stake);
  if (missing > 0n) await actions.bond(missing);
}

/**
 * What the account itself has to bond before `stake` is free.
 * @throws NodeError `input` where something is missing and another owns the account, who alone bonds.
 */
export async function missingStake(actions: AccountActions, stake: bigint): Promise<bigint> {
  const { free, owner } = await actions.stake();
  if (free >= stake) return 0n;
  if (owner === actions.account) return stake - free;
  throw new NodeError(
    'input',
    `the free stake of ${actions.account} is ${wholeTokens(free)}, but ${wholeTokens(stake)} are asked for`,
    { mend: `Its owner ${owner} bonds: \`murmur owner bond --operator ${actions.account}\`.` },
  );
}

/** @throws NodeError `input` where another owns the account, and lets it pledge less than `stake` to the task. */
export async function checkMandate(actions: AccountActions, task: bigint, stake: bigint): Promise<void> {
  const mandate = await actions.mandate(task);
  if (mandate >= stake) return;
  throw new NodeError(
    'input',
    `the mandate of ${actions.account} for task ${task} is ${wholeTokens(mandate)}, but it wants to pledge ` +
      `${wholeTokens(stake)}`,
    { mend: `Its owner allows it: \`murmur owner mandate --operator ${actions.account} --task ${task}\`.` },
  );
}

/**
 * Claims a member's earnings, if it is its own owner, and frees its stake, when its task is over.
 * @returns false while the contract still holds the stake: ask again later.
 */
export async function settleUp(actions: AccountActions, task: bigint): Promise<boolean> {
  await actions.claim();
  try {
    await actions.release(task);
    return true;
  } catch (error) {
    if (error instanceof Reverted && error.error === 'StakeHeld') return false;
    throw error;
  }
}
