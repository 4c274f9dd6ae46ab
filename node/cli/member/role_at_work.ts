// A role at work: its site, its rows, its service, until its task is over or it is stopped.
import { readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { OwnData, TaskDescription } from '../../learn/index.ts';
import { createClosers } from '../../local/closers.ts';
import type { Reachability } from '../../peer/index.ts';
import {
  assembleProver,
  assembleTrainer,
  assembleValidator,
  type Member,
  type Observer,
  type Startable,
  type Workplace,
} from '../../roles/index.ts';
import type { StoreSettings } from '../open/content_place.ts';
import { openHost, type ProgramPlace } from '../open/host.ts';
import type { KeysSettings } from '../open/keys.ts';
import { tellAddresses } from '../open/members_store.ts';
import { openSite } from '../open/site.ts';
import { bondStake } from './bond.ts';
import { describeData } from './describe_data.ts';
import type { RoleName } from './with_member.ts';

/** What a role with rows of its own is told of them, and of its model. */
interface Learning {
  readonly rows: (description: TaskDescription) => Promise<OwnData>;
  readonly program: ProgramPlace;
}

/** What one role is told beyond what all are. */
export type RolePlan =
  | ({ readonly role: 'trainer'; readonly reachability: Reachability } & Learning)
  | ({ readonly role: 'validator' } & Learning)
  | { readonly role: 'prover'; readonly stake: bigint };

/** Where a role works, and who hears of it. */
export interface RoleSettings {
  readonly member: Member;
  readonly task: bigint;
  readonly place: StoreSettings & KeysSettings;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  /** Hears of the process. */
  readonly say: (text: string) => void;
  /** Hears of the role. */
  readonly observe: Observer;
}

/** A role that works. */
export interface RoleAtWork {
  /** Resolves when its task is over; rejects with what ends the role before. */
  readonly over: Promise<void>;
  /** Stops it, in order; the member is its owner's. */
  stop(): Promise<void>;
}

/** Puts a role to work. @throws NodeError `task` unless the account has the seat. */
export async function putToWork(settings: RoleSettings, plan: RolePlan): Promise<RoleAtWork> {
  const { member, task, place, interval, say, observe } = settings;
  const { role } = plan;
  const closers = createClosers();
  const ending = Promise.withResolvers<void>();
  // It may be over before anybody waits for it.
  ending.promise.catch(() => undefined);
  const read = () => readTask(member.client, member.deployment, task);
  try {
    const posted = await read();
    if (role !== 'prover') await checkSeat(member, task, role);
    // Who is no trainer need not be reached: others ask it over the connections that it makes.
    const reachability = role === 'trainer' ? plan.reachability : { listen: [] };
    const site = await openSite(place, { member, posted, reachability, say, closers });
    if (site.place) tellAddresses(site.place, say);
    // Only now: the site is opened at a deployment that may be trusted with stake.
    if (role === 'prover') await bondStake(member, plan.stake);
    const workplace: Workplace = {
      ...site,
      task,
      observe,
      interval,
      // Others ask for its contents until the appeals are over.
      untilReleased: site.place !== undefined,
      onOver: ending.resolve,
      onFinal: ending.reject,
    };
    const service = await assemble(plan);
    await service.start();
    closers.add(() => service.stop());
    say(`${role} ${member.signer.address} of task ${task} runs`);
    return {
      over: ending.promise,
      async stop() {
        try {
          await site.keep(await read());
        } finally {
          await closers.close();
        }
      },
    };

    /** Puts the role together; a trainer's or validator's data are read, and described to the one who runs it. */
    async function assemble(plan: RolePlan): Promise<Startable> {
      if (plan.role === 'prover') return assembleProver(workplace, member);
      const { description } = workplace.learning;
      const data = await plan.rows(description);
      for (const text of describeData(data, description)) say(text);
      const host = await openHost(description.model, plan.program, say);
      closers.add(() => host.close());
      if (plan.role === 'validator') return assembleValidator(workplace, member, { holdout: data, host });
      return assembleTrainer(workplace, member, { data, host, reachability });
    }
  } catch (error) {
    // The failure that led here is the one to report.
    await closers.close().catch(() => undefined);
    throw error;
  }
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
