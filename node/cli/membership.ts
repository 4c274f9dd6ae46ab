// What a member does outside of rounds: `trainer` and `validator` `join`, `status`, `leave`. Each can be repeated.
import type { Deployment } from '@murmuration/contracts';
import { Reverted, readSeat, readStake, readTask } from '../chain/index.ts';
import { applyForSeat, type Member } from '../roles/index.ts';
import { UserError } from './errors.ts';
import { readListing } from './listing.ts';
import { checkMoney } from './money.ts';
import { chooseAccount, openDeployment, openMember, openOnlooker } from './open.ts';
import { moment, print, tokens } from './output.ts';
import { defaultStake, type RoleName } from './role.ts';
import { accountFlags, chainFlags, type Flag, need, type Settings } from './settings.ts';

export type SeatRole = 'trainer' | 'validator';

export const joinFlags: readonly Flag[] = [...accountFlags, 'state', 'task', 'stake', 'weight', 'proof'];
export const statusFlags: readonly Flag[] = [...chainFlags, 'account', 'keystore', 'task'];
export const leaveFlags: readonly Flag[] = [...accountFlags, 'state', 'task'];

async function withMember<T>(
  role: RoleName,
  settings: Settings,
  act: (member: Member, deployment: Deployment, task: bigint) => Promise<T>,
): Promise<T> {
  const task = need(settings, 'task', role);
  const deployment = await openDeployment(settings);
  const member = await openMember(settings, deployment, role);
  try {
    return await act(member, deployment, task);
  } finally {
    await member.close();
  }
}

/** Bonds stake and applies for a seat; doing it twice changes nothing. */
export async function join(role: SeatRole, settings: Settings): Promise<void> {
  await withMember(role, settings, async (member, deployment, task) => {
    const { status, economics } = await readTask(member.client, deployment, task);
    const stake = settings.stake ?? defaultStake;
    const least = economics.minStake!;
    const seat = await member.actions.seat(task);
    if (seat.role === role && !seat.removed)
      return print(
        settings.json,
        { task, role, joined: false },
        `${role} of task ${task} already, pledged ${tokens(seat.pledged)}`,
      );
    if (status !== 'open') throw new UserError(`task ${task} is ${status}: joining is over.`);
    if (stake < least)
      throw new UserError(`--stake is ${tokens(stake)}; task ${task} asks for ${tokens(least)} at least.`);
    const listing = await readListing(settings);
    const { free } = await member.actions.stake();
    const missing = stake > free ? stake - free : 0n;
    await checkMoney(member.client, deployment, member.signer.address, missing, 'the stake');
    await applyForSeat(member, { task, role, stake, listing });
    print(
      settings.json,
      { task, role, joined: true, stake },
      `applied as ${role} of task ${task}, pledging ${tokens(stake)}`,
    );
  });
}

/** Prints where a member stands. It only looks: no password, and a process that runs the role is not disturbed. */
export async function status(role: SeatRole, settings: Settings): Promise<void> {
  const task = need(settings, 'task', `${role} status`);
  const deployment = await openDeployment(settings);
  const account = settings.account ?? (await chooseAccount(settings));
  const { client, chain } = await openOnlooker(settings, deployment, account, task);
  const posted = await readTask(client, deployment, task);
  await chain.refresh();
  const seat = await readSeat(client, deployment, { task, account });
  const stake = await readStake(client, deployment, account);
  const started = posted.status === 'running' || posted.status === 'ended';
  const stage = started ? await chain.stage() : undefined;
  const standing = started ? (await chain.seat(account)).standing : 'none';
  const { rounds, slashed, credits } = chain.journal;
  const settled = rounds.flatMap((entry) => entry.settled.filter(({ trainer }) => trainer === account));
  const result = {
    task,
    account,
    status: posted.status,
    role: seat.role,
    standing,
    round: stage?.round ?? 0,
    phase: stage?.phase ?? 'none',
    deadline: stage?.deadline ?? posted.deadline,
    strikes: settled.at(-1)?.strikes ?? 0,
    pledged: seat.pledged,
    slashed: slashed.get(account) ?? 0n,
    earned: credits.get(account) ?? 0n,
    claimable: stake.credit,
    free: stake.free,
    queued: stake.queued,
  };
  const text = [
    `task ${task} is ${posted.status}${stage ? `, round ${stage.round} of ${posted.parameters.rounds}, ${stage.phase}` : ''}, deadline ${moment(result.deadline)}`,
    `${account}: ${seat.role}${started ? `, standing ${standing}` : ''}, ${result.strikes} strikes`,
    `  pledged ${tokens(seat.pledged)}, slashed ${tokens(result.slashed)}, earned ${tokens(result.earned)}, to claim ${tokens(stake.credit)}`,
    `  free ${tokens(stake.free)}, on its way out ${tokens(stake.queued)}`,
  ];
  print(settings.json, result, text.join('\n'));
}

/** Takes an application back, or, after the task, gets stake and earnings out as far as they are due. */
export async function leave(role: RoleName, settings: Settings): Promise<void> {
  await withMember(role, settings, async (member, deployment, task) => {
    const { actions } = member;
    const { status } = await readTask(member.client, deployment, task);
    const seat = await actions.seat(task);
    const done: string[] = [];
    if (status === 'open' && seat.role !== 'none') {
      await actions.withdrawApplication(task);
      done.push('took its application back');
    } else if (seat.pledged > 0n) {
      try {
        await actions.release(task);
        done.push(`freed ${tokens(seat.pledged)} of stake`);
      } catch (error) {
        if (!(error instanceof Reverted) || error.error !== 'StakeHeld') throw error;
        throw new UserError(
          `task ${task} is ${status}: its stake is held until the task is over and the appeal window has passed. A member that stops early is slashed for each duty it misses.`,
        );
      }
    }
    const claimed = await actions.claim();
    if (claimed > 0n) done.push(`claimed ${tokens(claimed)}`);
    const { free } = await actions.stake();
    if (free > 0n) {
      await actions.queue(free);
      done.push(`put ${tokens(free)} into the queue to leave`);
    } else {
      const { queued, withdrawableAt } = await actions.stake();
      const due = Number(withdrawableAt) <= Date.now() / 1000;
      if (queued > 0n && due) {
        await actions.withdraw();
        done.push(`withdrew ${tokens(queued)}`);
      } else if (queued > 0n)
        done.push(`${tokens(queued)} can be withdrawn from ${moment(withdrawableAt)}: leave again then`);
    }
    print(settings.json, { task, done }, done.join('\n') || 'nothing to do');
  });
}
