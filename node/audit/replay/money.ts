// Money as `StakeVault` moves it: out of a task's pot, and from a pledge.

import { type Address, zeroAddress } from 'viem';
import { heldAt } from '../../protocol/index.ts';
import type { Play } from './play.ts';

/** What of a slash can go to its reporter is counted in these. */
const basisPoints = 10_000n;

/** Pays out of the task's pot. */
export function pay(play: Play, account: Address, amount: bigint): void {
  play.need(play.book.pot >= amount, `the pot has ${play.book.pot}, but ${amount} are paid out of it`);
  play.emit('Credited', { task: play.task, account, amount });
}

/** A slash of a member's pledge; without a reporter all of it is burnt. @returns what was taken. */
export function slash(
  play: Play,
  { account, amount, reporter }: { readonly account: Address; readonly amount: bigint; reporter?: Address },
): bigint {
  const pledge = play.book.pledges.get(account) ?? 0n;
  const taken = amount < pledge ? amount : pledge;
  if (taken === 0n) return 0n;
  const share = reporter === undefined ? 0 : play.terms.rules.reporterBps;
  const toReporter = (taken * BigInt(share)) / basisPoints;
  play.emit('Slashed', {
    task: play.task,
    account,
    amount: taken,
    reporter: reporter ?? zeroAddress,
    toReporter,
  });
  return taken;
}

/** A prover's failed sum, paid from its free stake. */
export function slashFree(play: Play, account: Address, amount: bigint): void {
  play.emit('Slashed', { task: play.task, account, amount, reporter: zeroAddress, toReporter: 0n });
}

/** Gives a pledge back, less what strikes hold of it. */
export function release(play: Play, account: Address): void {
  const { pledges, seats } = play.book;
  const pledge = pledges.get(account) ?? 0n;
  const held = heldAt(seats.get(account)?.level ?? 0, play.terms.economics.strike);
  const burnt = held < pledge ? held : pledge;
  if (burnt > 0n) play.emit('HeldBurnt', { task: play.task, account, amount: burnt });
  play.emit('Released', { task: play.task, account, amount: pledge - burnt });
}
