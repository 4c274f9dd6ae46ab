// A whole federation on one machine: a scenario's task, its members, its roles. `npm start` and `murmur up` give it
// another ground (chain, accounts, folders); it is put together the same way.
import { reasonOf } from '@murmuration/core';
import { countTasks, type PostedTask, readTask, type TaskChain } from '../chain/index.ts';
import type { AdversarySeat } from '../demo/index.ts';
import type { UnlockedAccount } from '../keystore/index.ts';
import {
  initialModel,
  type ModelHost,
  type ModelLayout,
  modelLayout,
  type OwnData,
  type Statistics,
  startModelThreads,
  type TaskDescription,
} from '../learn/index.ts';
import { token } from '../protocol/index.ts';
import {
  applyForSeat,
  assembleProver,
  assembleTrainer,
  assembleValidator,
  bondUpTo,
  type ChainSettings,
  type Disguise,
  type Listing,
  type LoadedTask,
  loadTask,
  type Member,
  type Observer,
  postTask,
  runningStatistics,
  type Startable,
  type Tools,
  type Workplace,
} from '../roles/index.ts';
import { type DealtScenario, scenarioOf } from '../scenarios/index.ts';
import { recordedStore } from '../site/index.ts';
import type { ContentStore } from '../store/index.ts';
import { type Closers, withClosers } from './closers.ts';
import { whenFull } from './free_seat.ts';
import { fundNew } from './funds.ts';
import { createLocalMember } from './members.ts';
import type { LocalOptions } from './options.ts';
import { type Seat, seatsOf } from './seats.ts';
import { membershipOf, policyOf } from './terms.ts';

/** Stake that every member pledges, and that the prover keeps free. */
export const memberStake = 100n * token;

/** What the planner has: rewards and fees come from it. */
const plannerTokens = 1_000_000n * token;

/** Milliseconds between two looks at the chain: it is on this machine. */
const interval = 50;

/** What a federation stands on. Its owner opens and closes it. */
export interface Ground {
  readonly chain: ChainSettings;
  readonly store: ContentStore;
  /** Still starting, perhaps: data are dealt and the task is posted meanwhile. */
  readonly tools: Promise<Tools>;
  /** Every member has its state below. */
  readonly folder: string;
  /** The task that its planner has posted already, where that is known; else the last one that is found. */
  readonly posted?: bigint;
  /** The account of a member, by the member's name; asked for once. */
  account(name: string): Promise<UnlockedAccount>;
}

/** A federation's options, and its listeners. */
export interface FederationSettings {
  readonly options: LocalOptions;
  /** Path of the folder for compiled circuits and development keys. */
  readonly cacheFolder: string;
  readonly observe: Observer;
  /** Hears of each step of the assembly. */
  readonly say: (text: string) => void;
  /** What stands between a member and its machine, by the member's name; asked for anew at each of its lives. */
  readonly disguise?: (name: string) => Disguise;
}

/** One life of a member: what a process would be. */
export interface Life {
  readonly account: Member;
  readonly service: Startable;
}

/** A trainer, a validator or a prover of the federation. */
export interface FederationMember extends Life {
  /** An adversary's name, or what it is in the scenario. */
  readonly kind: string;
  /**
   * Another life with the same key, which knows what is in its folder, and reads the chain by itself. Not started yet.
   * @param folder its own unless given, which has to be closed by then.
   */
  again(folder?: string): Promise<Life>;
}

/** A trainer's seat that nobody of the federation takes. */
export interface FreeSeat {
  /** Of its account. */
  readonly name: string;
  readonly account: UnlockedAccount;
  /** The rows that the scenario has for it. */
  readonly data: OwnData;
  /** Its place on the allow-list, where there is one. */
  readonly listing: Listing | undefined;
}

/** A federation that is set up: everyone has joined, nobody is started yet. */
export interface LocalFederation {
  readonly options: LocalOptions;
  readonly task: bigint;
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
  /** Computes for all roles, and for the record. */
  readonly host: ModelHost;
  readonly scenario: DealtScenario;
  readonly firstModel: Float32Array;
  /** The task as the planner sees it; `refresh` it before reading. */
  readonly chain: TaskChain;
  readonly trainers: readonly FederationMember[];
  readonly validators: readonly FederationMember[];
  /** The first one is honest. */
  readonly provers: readonly FederationMember[];
  readonly store: ContentStore;
  /** The seat that is left to somebody from outside, with what the scenario has for it. */
  readonly free: FreeSeat | undefined;
  /** Where its chain and contracts are, for who looks from outside. */
  readonly place: Pick<ChainSettings, 'url' | 'deployment'>;
  /** Resolves when every role says that the task is over. */
  readonly over: Promise<void>;
  /** An account of somebody who comes now, with money for gas and so many tokens; closed with the federation. */
  newcomer(name: string, tokens: bigint): Promise<Member>;
  /** By which the task's rows are scaled, once its trainers have opened them. */
  statistics(): Promise<Statistics>;
  /** Starts all roles. */
  start(): Promise<void>;
  /** Stops all roles and closes what the assembly has opened; the ground is its owner's. */
  stop(): Promise<void>;
}

/**
 * Puts a federation together: posts the scenario's task and lets everyone join it, or goes on with the
 * task that its planner has posted already. Everything here may be repeated after a crash.
 */
export async function assembleFederation(
  ground: Ground,
  settings: FederationSettings,
): Promise<LocalFederation> {
  return withClosers((closers) => assemble(ground, settings, closers));
}

async function assemble(
  ground: Ground,
  { options, observe, say, disguise = () => ({}) }: FederationSettings,
  closers: Closers,
): Promise<LocalFederation> {
  const { store, chain } = ground;
  const { seed } = options;
  const scenario = await scenarioOf(options.scenario).deal(options);
  const seats = seatsOf(options, scenario);
  const accounts = new Map<string, UnlockedAccount>();
  const names = [...seats.trainer, ...seats.validator, ...seats.prover].map(({ name }) => name);
  for (const name of ['planner', ...names]) accounts.set(name, await ground.account(name));
  const membership = membershipOf(seats, scenario, accounts);
  async function member(name: string, sendsInvalid = false): Promise<Member> {
    // An honest sender keeps calls back that would be recorded as invalid.
    const place = { ...ground, observe, chain: { ...chain, sender: { ...chain.sender, sendsInvalid } } };
    const made = await createLocalMember(place, { name, unlocked: accounts.get(name)! });
    closers.add(() => made.close());
    return made;
  }

  const free = options.freeSeat ? seats.trainer[0] : undefined;
  const own = [...accounts].filter(([name]) => name !== free?.name);
  const gifts = own.map(([name, { account }]) => ({
    to: account.address,
    tokens: name === 'planner' ? plannerTokens : memberStake,
  }));
  await fundNew(chain, gifts);
  const planner = await member('planner');
  const found = await findTask(planner);
  const { task, ...learnt } = found
    ? { task: found.task, ...(await loadTask(recordedStore(planner.log, store), found)) }
    : await postScenario();
  const { description, layout, firstModel } = learnt;
  const host = startModelThreads(description.model);
  closers.add(() => host.close());
  say(found ? `task ${task} is ${found.status}` : `task ${task} is posted`);

  const over = Promise.withResolvers<void>();
  const kept = seats.trainer.slice(free ? 1 : 0);
  let running = kept.length + seats.validator.length + seats.prover.length;
  const onOver = () => {
    running -= 1;
    if (running === 0) over.resolve();
  };
  const learning = { description, layout };
  const tools = await ground.tools;
  const workplace: Workplace = {
    tools,
    store,
    task,
    learning,
    observe,
    interval,
    untilReleased: true,
    onOver,
  };
  const joining = (found?.status ?? 'open') === 'open';
  async function seated(role: AdversarySeat, { name, adversary }: Seat): Promise<Member> {
    const made = await member(name, adversary?.sendsInvalid);
    if (role === 'prover') await bondUpTo(made.actions, memberStake);
    else if (joining) {
      const listing = membership.places.get(name);
      if (await applyForSeat(made, { task, role, stake: memberStake, listing })) say(`${name} joins`);
    }
    return made;
  }
  /** An account at work once more, with a reader of the chain of its own. */
  async function reopened({ name, signer: account, secretBox }: Member, folder?: string): Promise<Member> {
    const { reader: _, ...alone } = chain;
    const place = { chain: alone, folder: folder ?? ground.folder, observe };
    const made = await createLocalMember(place, { name, unlocked: { account, secretBox } });
    closers.add(() => made.close());
    return made;
  }
  const services: Startable[] = [];
  /** Seats all of a role, one after the other: seats are taken in the order of joining. */
  async function seatAll<S extends Seat>(
    role: AdversarySeat,
    all: readonly S[],
    serve: (account: Member, disguise: Disguise, seat: S, index: number) => Startable | Promise<Startable>,
  ): Promise<FederationMember[]> {
    const members: FederationMember[] = [];
    for (const [index, seat] of all.entries()) {
      const live = async (account: Member): Promise<Life> => {
        const worn = seat.adversary?.disguise() ?? disguise(account.name);
        const service = await serve(account, worn, seat, index);
        services.push(service);
        return { account, service };
      };
      const first = await seated(role, seat);
      const again = async (folder?: string) => live(await reopened(first, folder));
      members.push({ kind: seat.kind, again, ...(await live(first)) });
    }
    return members;
  }

  const trainers = await seatAll('trainer', kept, (account, worn, { data }, index) =>
    assembleTrainer(workplace, account, {
      data,
      host,
      reachability: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      seed: `${seed}/${index}`,
      disguise: worn,
    }),
  );
  const validators = await seatAll('validator', seats.validator, (account, worn, { data }, index) =>
    assembleValidator(workplace, account, {
      holdout: data,
      host,
      seed: `${seed}/v${index}`,
      disguise: worn,
    }),
  );
  const provers = await seatAll('prover', seats.prover, (account, worn) =>
    assembleProver(workplace, account, worn),
  );
  // Once every seat is taken the planner need not wait for the deadline.
  const start = async () => void (await planner.chain(task).advance());
  if (joining && !free) await start();

  const first = [...trainers, ...validators, ...provers].map(({ service }) => service);
  if (joining && free) {
    const seats = { client: planner.client, deployment: chain.deployment, task };
    services.push(whenFull(seats, start, (error) => say(`the task does not start: ${reasonOf(error)}`)));
    first.push(services.at(-1)!);
  }
  return {
    options,
    task,
    description,
    layout,
    host,
    scenario,
    firstModel,
    chain: planner.chain(task),
    trainers,
    validators,
    provers,
    store,
    place: chain,
    free: free && {
      name: free.name,
      account: accounts.get(free.name)!,
      data: free.data,
      listing: membership.places.get(free.name),
    },
    over: over.promise,
    async newcomer(name, tokens) {
      const unlocked = await ground.account(name);
      accounts.set(name, unlocked);
      await fundNew(chain, [{ to: unlocked.account.address, tokens }]);
      return member(name);
    },
    statistics: () => runningStatistics({ chain: planner.chain(task), store, he: tools.he, description }),
    async start() {
      for (const service of first) await service.start();
    },
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
      await closers.close();
    },
  };

  /** The task that this planner has posted last; where a seat is left free, none that is over. */
  async function findTask({ client, signer }: Member): Promise<PostedTask | undefined> {
    if (ground.posted !== undefined) return readTask(client, chain.deployment, ground.posted);
    const count = await countTasks(client, chain.deployment);
    for (let number = count; number > 0n; number--) {
      const posted = await readTask(client, chain.deployment, number);
      if (posted.planner !== signer.address) continue;
      const isOver = posted.status === 'ended' || posted.status === 'cancelled';
      return options.freeSeat && isOver ? undefined : posted;
    }
    return undefined;
  }

  /** Posts the scenario's task with its first model. */
  async function postScenario(): Promise<LoadedTask & { readonly task: bigint }> {
    const { description } = scenario;
    const layout = modelLayout(description.model);
    const firstModel = initialModel(layout, seed);
    const policy = policyOf(options, scenario, membership);
    const place = { actions: planner.actions, store: recordedStore(planner.log, store) };
    const task = await postTask(place, { description, layout, firstModel, policy });
    return { task, description, layout, firstModel };
  }
}
