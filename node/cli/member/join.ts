// `trainer join`, `validator join`: stake and an application for a seat.
import { readListing } from '../files/listing.ts';
import type { ProgramPlace } from '../open/host.ts';
import type { KeysSettings } from '../open/keys.ts';
import type { MemberSettings } from '../open/member.ts';
import { print, tokens } from '../output/format.ts';
import { visible } from '../output/visible.ts';
import { takeSeat } from './take_seat.ts';
import { type SeatRole, withMember } from './with_member.ts';

type JoinSettings = MemberSettings &
  KeysSettings &
  ProgramPlace & {
    readonly task: bigint;
    readonly stake: bigint;
    readonly weight?: number;
    readonly acceptRisks: boolean;
    readonly proof?: string;
    readonly members?: string;
  };

/** Bonds stake and applies for a seat; doing it twice changes nothing. */
export async function join(role: SeatRole, settings: JoinSettings): Promise<void> {
  const { task, stake, json } = settings;
  await withMember(role, settings, async (member, deployment) => {
    const { account } = member.actions;
    const taken = await takeSeat(member, deployment, {
      ...settings,
      role,
      listing: (root) => readListing(settings, { role, account, root }),
      hear: (line) => console.error(visible(line)),
    });
    if (!taken) {
      const { pledged } = await member.actions.seat(task);
      return print(
        json,
        { task, role, joined: false },
        `${role} of task ${task} already, pledged ${tokens(pledged)}`,
      );
    }
    const { program, ...found } = taken;
    print(
      json,
      { task, role, joined: true, stake, ...found, ...(program !== undefined && { program }) },
      [
        ...(program === undefined ? [] : [`the task's model: ${program}`]),
        `applied as ${role} of task ${task}, pledging ${tokens(stake)}`,
      ].join('\n'),
    );
  });
}
