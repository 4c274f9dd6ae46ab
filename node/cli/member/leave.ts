// `trainer leave`, `validator leave`, `prover leave`: stake and earnings out, or free for the owner to get them.
import type { Deployment } from '@murmuration/contracts';
import type { Address } from 'viem';
import { type AccountActions, Reverted, readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { Member } from '../../roles/index.ts';
import type { MemberSettings } from '../open/member.ts';
import { moment, print, tokens } from '../output/format.ts';
import { type RoleName, withMember } from './with_member.ts';

/**
 * Takes an application back, or, after the task, gets stake and earnings out as far as they are due. Without a task,
 * as of a prover that follows the marketplace, what is free of the account's money.
 */
export async function leave(role: RoleName, settings: MemberSettings): Promise<void> {
  const { task } = settings;
  await withMember(role, settings, async (member, deployment) => {
    const done = await leaveAs(member, deployment, task);
    print(settings.json, { task, done }, done.join('\n') || 'nothing to do');
  });
}

/** What an owner other than the account does about the account's money, in words. */
export interface OwnersMoney {
  readonly owner: Address;
  readonly credit: bigint;
  readonly free: bigint;
}

/** By the command line. */
const byCommands = ({ owner, credit, free }: OwnersMoney): string =>
  `its owner ${owner} gets the money out: \`murmur owner claim\` pays ${tokens(credit)}, \`murmur owner queue\` ` +
  `takes ${tokens(free)} of stake, \`murmur owner withdraw\` what has waited`;

/**
 * Leaves a task, or none, and gets out what is due.
 * @param sayOwners how an owner that is another gets the money out; by the command line unless given.
 * @returns what was done, in words.
 */
export async function leaveAs(
  member: Member,
  deployment: Deployment,
  task: bigint | undefined,
  sayOwners = byCommands,
): Promise<string[]> {
  const left = task === undefined ? [] : await leaveTask(member, deployment, task);
  return [...left, ...(await getOut(member.actions, sayOwners))];
}

/** Gets stake and earnings out as far as they are due, or says who alone does. @returns what was done. */
async function getOut(actions: AccountActions, sayOwners: (money: OwnersMoney) => string): Promise<string[]> {
  const { owner, free, queued, withdrawableAt, credit } = await actions.stake();
  if (owner !== actions.account) return [sayOwners({ owner, credit, free })];
  const done: string[] = [];
  const claimed = await actions.claim();
  if (claimed > 0n) done.push(`claimed ${tokens(claimed)}`);
  if (free > 0n) {
    await actions.queue(free);
    done.push(`put ${tokens(free)} into the queue to leave`);
  } else if (queued > 0n && Number(withdrawableAt) <= Date.now() / 1000) {
    await actions.withdraw();
    done.push(`withdrew ${tokens(queued)}`);
  } else if (queued > 0n)
    done.push(`${tokens(queued)} can be withdrawn from ${moment(withdrawableAt)}: leave again then`);
  return done;
}

/** Frees the account of its seat, if it has one. @returns what was done. */
async function leaveTask(
  { actions, client }: Member,
  deployment: Deployment,
  task: bigint,
): Promise<string[]> {
  const { status } = await readTask(client, deployment, task);
  const seat = await actions.seat(task);
  if (status === 'open' && seat.role !== 'none') {
    await actions.withdrawApplication(task);
    return ['took its application back'];
  }
  if (seat.pledged === 0n) return [];
  try {
    await actions.release(task);
    return [`freed ${tokens(seat.pledged)} of stake`];
  } catch (error) {
    if (!(error instanceof Reverted) || error.error !== 'StakeHeld') throw error;
    throw new NodeError(
      'task',
      `task ${task} is ${status}: stake is held until it is over and the appeal window has passed`,
      {
        mend:
          status === 'ended'
            ? 'Nothing is left to do but to leave again then: `murmur planner show` has the length of the window.'
            : 'Run until then: a member that stops early is slashed for each duty it misses.',
        cause: error,
      },
    );
  }
}
