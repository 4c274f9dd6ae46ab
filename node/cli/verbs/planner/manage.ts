// `planner start`, `planner cancel`, `planner claim`: what a planner does with a task that is posted.
import { type PostedTask, readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import type { Member } from '../../../roles/runtime/member.ts';
import { cancelTask, startTask } from '../../member/planned.ts';
import { withMember } from '../../member/with_member.ts';
import type { MemberSettings } from '../../open/member.ts';
import { print, tokens } from '../../output/format.ts';

type TaskSettings = MemberSettings & { readonly task: bigint };

/** `planner start`. */
export async function start(settings: TaskSettings): Promise<void> {
  await asPlanner(settings, startTask);
}

/** `planner cancel`. */
export async function cancel(settings: TaskSettings): Promise<void> {
  await asPlanner(settings, cancelTask);
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
