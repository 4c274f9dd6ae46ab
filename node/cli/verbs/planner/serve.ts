// `planner serve`: a task's first contents, for members without a shared disk.
import { readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { createClosers } from '../../../local/closers.ts';
import { loadTask } from '../../../roles/index.ts';
import { createReporter } from '../../member/report.ts';
import { betweenMembers, storeOf } from '../../open/content_place.ts';
import { openDeployment } from '../../open/deployment.ts';
import { type MemberSettings, openMember } from '../../open/member.ts';
import { openMembersStore, tellAddresses } from '../../open/members_store.ts';
import { type ReachedSettings, reachabilityOf } from '../../open/reachability.ts';
import { onInterrupt } from '../../output/interrupt.ts';

/** Gives contents until it is interrupted. */
export async function serve(
  settings: MemberSettings & ReachedSettings & { readonly task: bigint },
): Promise<void> {
  const { task } = settings;
  const reachability = reachabilityOf(settings);
  const { say, observe } = createReporter(settings.json);
  const closers = createClosers();
  const ending = Promise.withResolvers<void>();
  const takeBack = onInterrupt(() => ending.resolve());
  try {
    const deployment = await openDeployment(settings);
    const name = storeOf(settings, deployment);
    if (name !== betweenMembers)
      throw new NodeError('input', `--store is ${name}, which members read by themselves`, {
        mend: `Nothing needs to be served there; \`--store ${betweenMembers}\` is for members without a shared one.`,
      });
    // A state folder of its own: other actions of the planner go on beside it.
    const member = await openMember(settings, deployment, 'planner-serve', observe);
    closers.add(() => member.close());
    const posted = await readTask(member.client, deployment, task);
    const { store, place, keep } = await openMembersStore(settings, {
      member,
      posted,
      reachability,
      say,
    });
    closers.add(() => store.stop());
    const { description } = await loadTask(store, posted);
    tellAddresses(place, say);
    say(`serves ${description.name}, task ${task}`);
    await ending.promise;
    await keep(await readTask(member.client, deployment, task));
  } finally {
    takeBack();
    await closers.close();
  }
}
