// `trainer join`, `validator join`: stake and an application for a seat.
import { readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { applyForSeat } from '../../roles/runtime/seat.ts';
import { readListing } from '../files/listing.ts';
import type { MemberSettings } from '../open/member.ts';
import { checkMoney } from '../open/money.ts';
import { print, tokens } from '../output/format.ts';
import { type SeatRole, withMember } from './with_member.ts';

type JoinSettings = MemberSettings & {
  readonly task: bigint;
  readonly stake: bigint;
  readonly weight: number;
  readonly proof?: string;
};

/** Bonds stake and applies for a seat; doing it twice changes nothing. */
export async function join(role: SeatRole, settings: JoinSettings): Promise<void> {
  const { task, stake, json } = settings;
  await withMember(role, settings, async (member, deployment) => {
    const { status, economics } = await readTask(member.client, deployment, task);
    const least = economics.minStake!;
    const seat = await member.actions.seat(task);
    if (seat.role === role && !seat.removed)
      return print(
        json,
        { task, role, joined: false },
        `${role} of task ${task} already, pledged ${tokens(seat.pledged)}`,
      );
    if (status !== 'open') throw new NodeError('task', `task ${task} is ${status}: joining is over`);
    if (stake < least)
      throw new NodeError(
        'input',
        `--stake is ${tokens(stake)}, but task ${task} asks for ${tokens(least)} at least`,
      );
    const listing = await readListing(settings);
    const { free } = await member.actions.stake();
    const missing = stake > free ? stake - free : 0n;
    const need = { amount: missing, what: 'the stake' };
    await checkMoney(member.client, deployment, member.signer.address, need);
    await applyForSeat(member, { task, role, stake, listing });
    print(
      json,
      { task, role, joined: true, stake },
      `applied as ${role} of task ${task}, pledging ${tokens(stake)}`,
    );
  });
}
