// Joining a task: everything that is held against it before stake is pledged, then the application.
import type { Deployment } from '@murmuration/contracts';
import { readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { TaskDescription } from '../../learn/index.ts';
import { costsOf, type Finding, type StatedPrivacy } from '../../review/index.ts';
import { checkDescription } from '../../roles/index.ts';
import type { Member } from '../../roles/runtime/member.ts';
import { applyForSeat, checkMandate, type Listing, missingStake } from '../../roles/runtime/seat.ts';
import type { StoreSettings } from '../open/content_place.ts';
import { checkProgram, type ProgramPlace } from '../open/host.ts';
import type { KeysSettings } from '../open/keys.ts';
import { checkMoney } from '../open/money.ts';
import { checkTerms, readDescription, readMembers, tellPrivacy } from '../open/review.ts';
import { checkTrust, presetOf } from '../open/trust.ts';
import { tokens } from '../output/format.ts';
import type { SeatRole } from './with_member.ts';

/** What seat is to be taken, and what of this site it is held against. */
export type SeatPlan = StoreSettings &
  KeysSettings &
  ProgramPlace & {
    readonly role: SeatRole;
    readonly task: bigint;
    readonly stake: bigint;
    /** Whether to go on in spite of a danger that the review of the terms finds. */
    readonly acceptRisks: boolean;
    /** The place on the task's allow-list, by its root. */
    readonly listing: (root: `0x${string}`) => Promise<Listing>;
    /** Hears what is found of the terms, in lines. */
    readonly hear: (line: string) => void;
  };

/** What a seat was taken under. */
export interface TakenSeat {
  readonly privacy: StatedPrivacy | undefined;
  readonly findings: readonly Finding[];
  readonly costs: readonly string[];
  /** The task's program as it is installed here; undefined where its model is of layers, or not known yet. */
  readonly program: string | undefined;
}

/**
 * Bonds stake and applies for a seat; doing it twice changes nothing.
 * @returns undefined where the account has the seat already.
 * @throws NodeError of whatever speaks against it; nothing is pledged then.
 */
export async function takeSeat(
  member: Member,
  deployment: Deployment,
  plan: SeatPlan,
): Promise<TakenSeat | undefined> {
  const { role, task, stake, hear } = plan;
  const posted = await readTask(member.client, deployment, task);
  const { status, economics } = posted;
  const least = economics.minStake;
  const seat = await member.actions.seat(task);
  if (seat.role === role && !seat.removed) return undefined;
  if (status !== 'open') throw new NodeError('task', `task ${task} is ${status}: joining is over`);
  if (stake < least)
    throw new NodeError(
      'input',
      `--stake is ${tokens(stake)}, but task ${task} asks for ${tokens(least)} at least`,
    );
  const listing = await plan.listing(posted.parameters.members);
  await checkMandate(member.actions, task, stake);
  const need = { amount: await missingStake(member.actions, stake), what: 'the stake' };
  await checkMoney(member.client, deployment, member.signer.address, need);
  await checkTrust(plan, member, presetOf(posted));
  // After it: terms that a false contract tells say nothing.
  const others = await readMembers(member.client, deployment, posted);
  const own = { role, weight: listing.weight, pledged: stake };
  const description = await readDescription(plan, deployment, posted);
  if (description) checkDescription(task, description, posted.parameters);
  const privacy = tellPrivacy(description, { settings: plan, deployment, hear });
  const findings = checkTerms({ ...posted, members: [...others, own], description }, plan.acceptRisks, hear);
  const costs = costsOf(posted, role);
  for (const cost of costs) hear(cost);
  const program = await programHere(plan, description);
  await applyForSeat(member, { task, role, stake, listing });
  return { privacy, findings, costs, program };
}

/**
 * Holds this site's program against the task's, where its model is one.
 * @returns what it is, for people; undefined for a model of layers, and where the description cannot be had yet.
 * @throws NodeError `input` where a program is missing or another one, or is given and cannot be held against anything.
 */
async function programHere(
  plan: SeatPlan,
  description: TaskDescription | undefined,
): Promise<string | undefined> {
  if (description) return checkProgram(description.model, plan, plan.hear);
  if (plan.exec !== undefined)
    throw new NodeError('input', "--exec is given, but the task's description cannot be read to check it", {
      mend: 'Name the content store, or a member that is up, with --store and --peer.',
    });
  return undefined;
}
