// `planner start`, `planner cancel`, `planner claim`: what a planner does with a task that is posted.
import { type PostedTask, readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import type { Member } from '../../../roles/runtime/member.ts';
import { withMember } from '../../member/with_member.ts';
import type { MemberSettings } from '../../open/member.ts';
import { print, tokens } from '../../output/format.ts';

type TaskSettings = MemberSettings & { readonly task: bigint };

/** `planner start`. */
export async function start(settings: TaskSettings): Promise<void> {
  await asPlanner(settings, async (planner, posted) => {
    const { task } = posted;
    if (!(await planner.chain(task).advance()))
      throw new NodeError('task', `task ${task} cannot start now: ${whyNot(posted)}`, {
        mend: 'See `murmur planner show`.',
      });
    return `task ${task}: joining is closed, members make their key`;
  });
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

/** `planner cancel`. */
export async function cancel(settings: TaskSettings): Promise<void> {
  await asPlanner(settings, async (planner, { task }) => {
    // Killed between the two, it only has to claim.
    if ((await planner.chain(task).state()).status !== 'cancelled') await planner.actions.cancel(task);
    const { owner } = await planner.actions.stake();
    await planner.actions.claim();
    return owner === planner.actions.account
      ? `task ${task} is cancelled, its bounty paid back`
      : `task ${task} is cancelled; its bounty is for the planner's owner ${owner} to claim`;
  });
}

/** `planner claim`. */
export async function claim(settings: MemberSettings): Promise<void> {
  await withMember('planner', settings, async ({ actions }) => {
    const { owner, credit } = await actions.stake();
    if (owner !== actions.account && credit > 0n)
      throw new NodeError('input', `the planner's owner is ${owner}, who alone claims ${tokens(credit)}`, {
        mend: '`murmur owner claim`.',
      });
    const claimed = await actions.claim();
    print(settings.json, { claimed }, claimed > 0n ? `claimed ${tokens(claimed)}` : 'nothing to claim');
  });
}

/** Lets the planner act on a task and prints what it says, with the status after it. */
async function asPlanner(
  settings: TaskSettings,
  act: (planner: Member, posted: PostedTask) => Promise<string>,
): Promise<void> {
  const { task, json } = settings;
  await withMember('planner', settings, async (planner, deployment) => {
    const text = await act(planner, await readTask(planner.client, deployment, task));
    const { status } = await readTask(planner.client, deployment, task);
    print(json, { task, status }, text);
  });
}
