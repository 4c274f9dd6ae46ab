// Puts roles together from their parts: what a federation in one process and the roles as processes have in
// common.
import { createHe, type He } from '@murmuration/he';
import type { KeySet, Prover } from '@murmuration/prover';
import { onSilence } from '../chain/index.ts';
import type { ModelHost, ModelLayout, OwnData, TaskDescription } from '../learn/index.ts';
import type { Reachability } from '../peer/index.ts';
import { openProver, type ProverPlace, tokenFileVariable } from '../service/index.ts';
import type { ContentStore } from '../store/index.ts';
import type { Disguise } from './disguise.ts';
import type { PeerPlace } from './peer_place.ts';
import type { RoleContext } from './runtime/context.ts';
import type { Startable } from './runtime/loop.ts';
import type { Member } from './runtime/member.ts';
import type { Observer } from './runtime/observer.ts';
import { recordedContext } from './runtime/recorded.ts';
import { entropyOf, seedOf, type TaskPlace } from './runtime/seeds.ts';
import { nothingKept, type RoleStorage } from './runtime/storage.ts';
import { proverService, type ServiceSettings, trainerService, validatorService } from './services.ts';

/** Encryption and proofs of one preset. */
export interface Tools {
  readonly he: He;
  readonly prover: Prover;
  /** Ends the prover. */
  stop(): Promise<void>;
}

/** The variable that names another prover than the default, one of its kernels, or a service; see `ProverPlace`. */
export const proverVariable = 'MURMURATION_PROVER';

/**
 * Starts the tools of a preset.
 *
 * @param place `cacheFolder` keeps the prover's tables between processes; `say` hears of proofs that a service would
 * not have made in time, `sending` of every job before it is sent to one.
 */
export async function createTools(
  keys: KeySet,
  place: Pick<ProverPlace, 'cacheFolder' | 'parallel' | 'sending'> & {
    readonly say: (text: string) => void;
  },
): Promise<Tools> {
  const he = await createHe(keys.preset);
  const { [proverVariable]: setting = 'wasm', [tokenFileVariable]: tokenFile } = process.env;
  return { he, ...(await openProver(keys, { ...place, setting, tokenFile })) };
}

/** What a task learns. */
export interface Learning {
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
}

/** What all roles of a process share: they work on one task. */
export interface Workplace {
  readonly tools: Tools;
  readonly store: ContentStore;
  /** The peer that gives and takes contents, where members do so; a trainer's rings use it, too. */
  readonly place?: PeerPlace | undefined;
  readonly task: bigint;
  readonly learning: Learning;
  readonly observe: Observer;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  /** Whether roles go on after the task until their stake is free. */
  readonly untilReleased: boolean;
  readonly onOver?: () => void;
  /** Hears what ends a role before its task is over: a chain without its contracts. */
  readonly onFinal?: (error: unknown) => void;
}

/** What a trainer brings. */
export interface TrainerOwn {
  readonly data: OwnData;
  /** Trains on them; the roles of a process share it. */
  readonly host: ModelHost;
  readonly reachability: Reachability;
  /** Of its batches and rounding; from its account unless given. */
  readonly seed?: string;
  readonly disguise?: Disguise;
}

/** What a validator brings. */
export interface ValidatorOwn {
  readonly holdout: OwnData;
  /** Trains and evaluates on them; the roles of a process share it. */
  readonly host: ModelHost;
  /** Of its proposals; from its account unless given. */
  readonly seed?: string;
  readonly disguise?: Disguise;
}

/** Seconds after a deadline that a member leaves it to the prover to push the task on. */
const memberPatience = 5;

/**
 * A trainer of the workplace's task, on its own data.
 * @throws NodeError `state` where the member has joined another task of this number.
 */
export async function assembleTrainer(
  workplace: Workplace,
  member: Member,
  own: TrainerOwn,
): Promise<Startable> {
  const origin = await member.places.resume(workplace.task);
  const { host, reachability, disguise = {}, seed = seedOf(member, 'learning', origin) } = own;
  const { training, rings } = disguise;
  const data = disguise.data?.(own.data, seed) ?? own.data;
  const parts = {
    ...contextOf(workplace, { member, storage: member.storage(origin), disguise }),
    ...workplace.learning,
    data,
    host,
    seed,
    disguise: training,
  };
  return trainerService(parts, settingsOf(workplace, member, origin), {
    reachability,
    place: workplace.place,
    ...(rings && { rings }),
  });
}

/**
 * A validator of the workplace's task, with its hold-out data.
 * @throws NodeError `state` where the member has joined another task of this number.
 */
export async function assembleValidator(
  workplace: Workplace,
  member: Member,
  own: ValidatorOwn,
): Promise<Startable> {
  const place = await member.places.resume(workplace.task);
  const { holdout, host, disguise = {}, seed = seedOf(member, 'learning', place) } = own;
  const context = contextOf(workplace, { member, storage: member.storage(place), disguise });
  const parts = { ...context, ...workplace.learning, holdout, host, seed, disguise: disguise.training };
  return validatorService(parts, settingsOf(workplace, member, place));
}

/** A prover of the workplace's task. */
export function assembleProver(workplace: Workplace, member: Member, disguise: Disguise = {}): Startable {
  const { chunks } = workplace.learning.description.compression;
  const context = contextOf(workplace, { member, storage: nothingKept, disguise });
  return proverService(context, { ...paceOf(workplace, member), patience: 0 }, chunks);
}

/** Who works, with what memory, and how it sees what it works with. */
interface Worker {
  readonly member: Member;
  readonly storage: RoleStorage;
  readonly disguise: Disguise;
}

function contextOf(
  { tools, store, observe, task }: Workplace,
  { member, storage, disguise: { services } }: Worker,
): RoleContext {
  const own = recordedContext(member.log, {
    name: member.name,
    chain: member.chain(task),
    storage,
    he: tools.he,
    prover: tools.prover,
    store,
    observe,
  });
  return services?.(own, member) ?? own;
}

const paceOf = ({ interval, untilReleased, onOver, onFinal }: Workplace, { actions, client }: Member) => ({
  actions,
  interval,
  untilReleased,
  silence: (listener: (error: unknown) => void) => onSilence(client, listener),
  ...(onOver && { onOver }),
  ...(onFinal && { onFinal }),
});

const settingsOf = (workplace: Workplace, member: Member, place: TaskPlace): ServiceSettings => ({
  ...paceOf(workplace, member),
  checkTask: (found) => member.places.check(place, found),
  secretBox: member.secretBox,
  log: member.log,
  signer: member.signer,
  secret: entropyOf(member, place).secret,
  patience: memberPatience,
});
