// Roles as processes: `trainer run`, `validator run`, `prover run`. A process can be killed at any point and
// started again with the same flags: it finds its place from the chain and from its state folder.
import { readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { startModelThread } from '../../learn/index.ts';
import { type Closers, createClosers } from '../../local/closers.ts';
import { namedRelay, type Reachability } from '../../peer/index.ts';
import {
  assembleProver,
  assembleTrainer,
  assembleValidator,
  type Member,
  type Startable,
  type Workplace,
} from '../../roles/index.ts';
import type { Settings } from '../command/flag.ts';
import type { readingFlags } from '../command/flags.ts';
import type { DataChoice } from '../command/rules.ts';
import { openData } from '../open/data.ts';
import { openDeployment } from '../open/deployment.ts';
import type { KeysSettings } from '../open/keys.ts';
import { type MemberSettings, openMember } from '../open/member.ts';
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
type Rows = Settings<typeof readingFlags> & { readonly data: DataChoice; readonly seed: number };

/** What one role is told beyond that. */
type Own =
  | ({
      readonly role: 'trainer';
      readonly listen?: readonly string[];
      readonly announce?: readonly string[];
      readonly relay?: readonly string[];
    } & Rows)
  | ({ readonly role: 'validator' } & Rows)
  | { readonly role: 'prover'; readonly stake: bigint };

type Reached = Pick<Extract<Own, { role: 'trainer' }>, 'listen' | 'announce' | 'relay'>;

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
    const site = await openSite(settings, { member, posted, say, closers });
    // Only now: the site is opened at a deployment that may be trusted with stake.
    if (role === 'prover') await bondStake(member, settings.stake);
    const workplace: Workplace = {
      ...site,
      task,
      observe,
      interval,
      untilReleased: false,
      onOver: () => ending.resolve('over'),
      onFinal: ending.reject,
    };
    const service = await assemble(settings, { workplace, member, say, closers });
    await service.start();
    closers.add(() => service.stop());
    say(`${role} ${member.signer.address} of task ${task} runs`);
    const how = await ending.promise;
    const { status } = await readTask(member.client, deployment, task);
    say(
      how === 'over'
        ? `task ${task} is ${status}; \`murmur ${role} leave\` gets the stake out when it is free`
        : 'stopped; start it again with the same flags to go on',
    );
  } finally {
    takeBack();
    await closers.close();
  }
}

/** Puts the role together; a trainer's or validator's data are read, and described to the one who runs it. */
/** What a role is put together with. */
interface Assembly {
  readonly workplace: Workplace;
  readonly member: Member;
  readonly say: (text: string) => void;
  readonly closers: Closers;
}

async function assemble(
  settings: RunSettings & Own,
  { workplace, member, say, closers }: Assembly,
): Promise<Startable> {
  if (settings.role === 'prover') return assembleProver(workplace, member);
  const { description } = workplace.learning;
  const { role, seed } = settings;
  const data = await openData(settings.data, { description, role, seed, reading: readingOf(settings) });
  for (const text of describeData(data, description)) say(text);
  const host = startModelThread(description.model);
  closers.add(() => host.close());
  if (settings.role === 'validator') return assembleValidator(workplace, member, { holdout: data, host });
  return assembleTrainer(workplace, member, { data, host, reachability: reachabilityOf(settings) });
}

const listensHere = ['/ip4/127.0.0.1/tcp/0'];

/**
 * How others reach a peer, as its flags say.
 * @throws NodeError `input` where they contradict each other.
 */
function reachabilityOf({ listen = listensHere, announce = [], relay = [] }: Reached): Reachability {
  const isHidden = listen.includes('none');
  if (isHidden && (listen.length > 1 || announce.length > 0))
    throw new NodeError(
      'input',
      '--listen none says that there is no inbound port, but another flag names one',
      {
        mend: 'Give one or the other.',
      },
    );
  const relays = relay.map((address) => {
    const found = namedRelay(address);
    if (!found) throw new NodeError('input', `${address} is no address of a relay`);
    return found;
  });
  return { listen: isHidden ? [] : listen, announce, relays };
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
