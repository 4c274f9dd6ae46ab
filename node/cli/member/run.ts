// Roles as processes: `trainer run`, `validator run`, `prover run`. A process can be killed at any point and
// started again with the same flags: it finds its place from the chain and from its state folder.
import { readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { type Closers, createClosers } from '../../local/closers.ts';
import type { Reachability } from '../../peer/index.ts';
import {
  assembleProver,
  assembleTrainer,
  assembleValidator,
  type Member,
  type Startable,
  type Workplace,
} from '../../roles/index.ts';
import type { Settings } from '../command/flag.ts';
import type { programFlags, readingFlags } from '../command/flags.ts';
import type { DataChoice } from '../command/rules.ts';
import { openData } from '../open/data.ts';
import { openDeployment } from '../open/deployment.ts';
import { openHost } from '../open/host.ts';
import type { KeysSettings } from '../open/keys.ts';
import { type MemberSettings, openMember } from '../open/member.ts';
import { tellAddresses } from '../open/members_store.ts';
import { type ReachedSettings, reachabilityOf } from '../open/reachability.ts';
import { readingOf } from '../open/reading.ts';
import { openSite } from '../open/site.ts';
import { onInterrupt } from '../output/interrupt.ts';
import { bondStake } from './bond.ts';
import { describeData } from './describe_data.ts';
import { createReporter } from './report.ts';
import type { RoleName } from './with_member.ts';

/** What `run` of any role is told. */
type RunSettings = MemberSettings & KeysSettings & { readonly task: bigint; readonly interval: number };

/** What a role with rows of its own is told of them. */
type Rows = Settings<typeof readingFlags & typeof programFlags> & {
  readonly data: DataChoice;
  readonly seed: number;
};

/** What one role is told beyond that. */
type Own =
  | ({ readonly role: 'trainer' } & Rows & ReachedSettings)
  | ({ readonly role: 'validator' } & Rows)
  | { readonly role: 'prover'; readonly stake: bigint };

/** Runs a role until its task is over or it is interrupted. */
export async function runRole(settings: RunSettings & Own): Promise<void> {
  const { role, task, json, interval } = settings;
  const { say, observe } = createReporter(json);
  const closers = createClosers();
  const ending = Promise.withResolvers<'over' | 'interrupted'>();
  // It may be over before anybody waits for it.
  ending.promise.catch(() => undefined);
  const takeBack = onInterrupt(() => ending.resolve('interrupted'));
  try {
    const deployment = await openDeployment(settings);
    const member = await openMember(settings, deployment, role, observe);
    closers.add(() => member.close());
    const posted = await readTask(member.client, deployment, task);
    if (role !== 'prover') await checkSeat(member, task, role);
    // Who is no trainer need not be reached: others ask it over the connections that it makes.
    const reachability = settings.role === 'trainer' ? reachabilityOf(settings) : { listen: [] };
    const site = await openSite(settings, { member, posted, reachability, say, closers });
    if (site.place) tellAddresses(site.place, say);
    // Only now: the site is opened at a deployment that may be trusted with stake.
    if (role === 'prover') await bondStake(member, settings.stake);
    const workplace: Workplace = {
      ...site,
      task,
      observe,
      interval,
      // Others ask for its contents until the appeals are over.
      untilReleased: site.place !== undefined,
      onOver: () => ending.resolve('over'),
      onFinal: ending.reject,
    };
    const service = await assemble(settings, { workplace, member, reachability, say, closers });
    await service.start();
    closers.add(() => service.stop());
    say(`${role} ${member.signer.address} of task ${task} runs`);
    const how = await ending.promise;
    const ended = await readTask(member.client, deployment, task);
    await site.keep(ended);
    say(
      how === 'over'
        ? `task ${task} is ${ended.status}; \`murmur ${role} leave\` gets the stake out when it is free`
        : 'stopped; start it again with the same flags to go on',
    );
  } finally {
    takeBack();
    await closers.close();
  }
}

/** What a role is put together with. */
interface Assembly {
  readonly workplace: Workplace;
  readonly member: Member;
  readonly reachability: Reachability;
  readonly say: (text: string) => void;
  readonly closers: Closers;
}

/** Puts the role together; a trainer's or validator's data are read, and described to the one who runs it. */
async function assemble(
  settings: RunSettings & Own,
  { workplace, member, reachability, say, closers }: Assembly,
): Promise<Startable> {
  if (settings.role === 'prover') return assembleProver(workplace, member);
  const { description } = workplace.learning;
  const { role, seed } = settings;
  const data = await openData(settings.data, { description, role, seed, reading: readingOf(settings) });
  for (const text of describeData(data, description)) say(text);
  const host = await openHost(description.model, settings, say);
  closers.add(() => host.close());
  if (settings.role === 'validator') return assembleValidator(workplace, member, { holdout: data, host });
  return assembleTrainer(workplace, member, { data, host, reachability });
}

/** @throws NodeError `task` unless the account has a seat of this role, or an application for one. */
async function checkSeat({ actions, signer }: Member, task: bigint, role: RoleName): Promise<void> {
  const seat = await actions.seat(task);
  if (seat.removed)
    throw new NodeError('task', `${signer.address} lost its place in task ${task} before the start`, {
      mend: `\`murmur ${role} leave\` frees its stake.`,
    });
  if (seat.role !== role)
    throw new NodeError('task', `${signer.address} is no ${role} of task ${task}`, {
      mend: `\`murmur ${role} join\` first.`,
    });
}
