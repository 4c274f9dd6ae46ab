// `trainer leave`, `validator leave`, `prover leave`: stake and earnings out.
import { Reverted, readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { MemberSettings } from '../open/member.ts';
import { moment, print, tokens } from '../output/format.ts';
import { type RoleName, withMember } from './with_member.ts';

/** Takes an application back, or, after the task, gets stake and earnings out as far as they are due. */
export async function leave(
  role: RoleName,
  settings: MemberSettings & { readonly task: bigint },
): Promise<void> {
  const { task } = settings;
  await withMember(role, settings, async (member, deployment) => {
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
        throw new NodeError(
          'task',
          `task ${task} is ${status}: stake is held until it is over and the appeal window has passed`,
          {
            mend: 'Run until then: a member that stops early is slashed for each duty it misses.',
            cause: error,
          },
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
