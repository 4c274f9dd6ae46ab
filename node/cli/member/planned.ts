// What a planner does with a task that it has posted: by command, and in the desk.
import type { PostedTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { Member } from '../../roles/runtime/member.ts';

/**
 * Closes joining now.
 * @returns what was done, in words
 * @throws NodeError `task` where it cannot start
 */
export async function startTask(planner: Member, posted: PostedTask): Promise<string> {
  const { task } = posted;
  if (!(await planner.chain(task).advance()))
    throw new NodeError('task', `task ${task} cannot start now: ${whyNot(posted)}`, {
      mend: 'See `murmur planner show`.',
    });
  return `task ${task}: joining is closed, members make their key`;
}

/** Gives a task up while members join. @returns what was done, in words */
export async function cancelTask(planner: Member, { task }: PostedTask): Promise<string> {
  // Killed between the two, it only has to claim.
  if ((await planner.chain(task).state()).status !== 'cancelled') await planner.actions.cancel(task);
  const { owner } = await planner.actions.stake();
  await planner.actions.claim();
  return owner === planner.actions.account
    ? `task ${task} is cancelled, its bounty paid back`
    : `task ${task} is cancelled; its bounty is for the planner's owner ${owner} to claim`;
}

/** Why joining cannot be closed, as far as the task tells. */
function whyNot({ status, trainers, validators, parameters }: PostedTask): string {
  if (status !== 'open') return `it is ${status}, joining is over`;
  const counts = [
    ['trainers', trainers.length, parameters.minTrainers, parameters.maxTrainers],
    ['validators', validators.length, parameters.minValidators, parameters.maxValidators],
  ] as const;
  const wrong = counts.filter(([, count, least, most]) => count < least || count > most);
  const said = wrong.map(
    ([what, count, least, most]) => `${count} ${what}, but it takes ${least} to ${most}`,
  );
  return said.join(' and ') || 'the contract refuses it';
}
