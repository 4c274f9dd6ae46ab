// `trainer join`, `validator join`: stake and an application for a seat.
import { readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { TaskDescription } from '../../learn/index.ts';
import { costsOf } from '../../review/index.ts';
import { checkDescription } from '../../roles/index.ts';
import { applyForSeat, checkMandate, missingStake } from '../../roles/runtime/seat.ts';
import { readListing } from '../files/listing.ts';
import { checkProgram, type ProgramPlace } from '../open/host.ts';
import type { KeysSettings } from '../open/keys.ts';
import type { MemberSettings } from '../open/member.ts';
import { checkMoney } from '../open/money.ts';
import { checkTerms, readDescription, readMembers, tellPrivacy } from '../open/review.ts';
import { checkTrust, presetOf } from '../open/trust.ts';
import { print, tokens } from '../output/format.ts';
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
    const posted = await readTask(member.client, deployment, task);
    const { status, economics } = posted;
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
    const listing = await readListing(settings, {
      role,
      account: member.actions.account,
      root: posted.parameters.members,
    });
    await checkMandate(member.actions, task, stake);
    const need = { amount: await missingStake(member.actions, stake), what: 'the stake' };
    await checkMoney(member.client, deployment, member.signer.address, need);
    await checkTrust(settings, member, presetOf(posted));
    // After it: terms that a false contract tells say nothing.
    const others = await readMembers(member.client, deployment, posted);
    const own = { role, weight: listing.weight, pledged: stake };
    const description = await readDescription(settings, deployment, posted);
    if (description) checkDescription(task, description, posted.parameters);
    const privacy = tellPrivacy(description, { settings, deployment });
    const findings = checkTerms({ ...posted, members: [...others, own], description }, settings.acceptRisks);
    const costs = costsOf(posted, role);
    for (const cost of costs) console.error(cost);
    const program = await programHere(settings, description);
    await applyForSeat(member, { task, role, stake, listing });
    print(
      json,
      {
        task,
        role,
        joined: true,
        stake,
        privacy,
        findings,
        costs,
        ...(program !== undefined && { program }),
      },
      [
        ...(program === undefined ? [] : [`the task's model: ${program}`]),
        `applied as ${role} of task ${task}, pledging ${tokens(stake)}`,
      ].join('\n'),
    );
  });
}

/**
 * Holds this site's program against the task's, where its model is one.
 * @returns what it is, for people; undefined for a model of layers, and where the description cannot be had yet.
 * @throws NodeError `input` where a program is missing or another one, or is given and cannot be held against anything.
 */
async function programHere(
  settings: JoinSettings,
  description: TaskDescription | undefined,
): Promise<string | undefined> {
  if (description) return checkProgram(description.model, settings, (line) => console.error(line));
  if (settings.exec !== undefined)
    throw new NodeError('input', "--exec is given, but the task's description cannot be read to check it", {
      mend: 'Name the content store, or a member that is up, with --store and --peer.',
    });
  return undefined;
}
