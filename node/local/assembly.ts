// A whole federation of the demonstration on one machine: its task, its members, its roles. `npm start` and
// `murmur up` give it another ground (chain, accounts, folders); it is put together the same way.
import type { Deadlines } from '@murmuration/contracts';
import { zeroHash } from 'viem';
import { countTasks, type PostedTask, readTask, type TaskChain } from '../chain/index.ts';
import {
  type AdversarySeat,
  adversaryOf,
  type Digits,
  dealDigits,
  defaultDeadlines,
  defaultEconomics,
  defaultRules,
  demoMirroredShare,
  demoTask,
} from '../demo/index.ts';
import type { UnlockedAccount } from '../keystore/index.ts';
import {
  initialModel,
  type ModelHost,
  type ModelLayout,
  modelLayout,
  scaledData,
  startModelThread,
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
  type LoadedTask,
  loadTask,
  type Member,
  type Observer,
  postTask,
  type Startable,
  type TaskPolicy,
  type Tools,
  type Workplace,
} from '../roles/index.ts';
import { recordedStore } from '../site/index.ts';
import type { ContentStore } from '../store/index.ts';
import { type Closers, withClosers } from './closers.ts';
import { createLocalMember } from './members.ts';
import { kindsOf, type LocalOptions, type MemberKind } from './options.ts';

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
  readonly tools: Tools;
  /** Every member has its state below. */
  readonly folder: string;
  /** The account of a member, by the member's name. */
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
  readonly kind: MemberKind;
  /**
   * Another life with the same key, which knows what is in its folder, and reads the chain by itself. Not started yet.
   * @param folder its own unless given, which has to be closed by then.
   */
  again(folder?: string): Promise<Life>;
}

/** A federation that is set up: everyone has joined, nobody is started yet. */
export interface LocalFederation {
  readonly options: LocalOptions;
  readonly task: bigint;
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
  /** Computes for all roles, and for the record. */
  readonly host: ModelHost;
  readonly digits: Digits;
  readonly firstModel: Float32Array;
  /** The task as the planner sees it; `refresh` it before reading. */
  readonly chain: TaskChain;
  readonly trainers: readonly FederationMember[];
  readonly validators: readonly FederationMember[];
  /** The first one is honest. */
  readonly provers: readonly FederationMember[];
  readonly store: ContentStore;
  /** Where its chain and contracts are, for who looks from outside. */
  readonly place: Pick<ChainSettings, 'url' | 'deployment'>;
  /** Resolves when every role says that the task is over. */
  readonly over: Promise<void>;
  /** Starts all roles. */
  start(): Promise<void>;
  /** Stops all roles and closes what the assembly has opened; the ground is its owner's. */
  stop(): Promise<void>;
}

/**
 * Puts a federation together: posts the demonstration's task and lets everyone join it, or goes on with the
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
  const { store, tools, chain } = ground;
  const { seed } = options;
  async function member(name: string, tokens: bigint, sendsInvalid = false): Promise<Member> {
    // An honest sender keeps calls back that would be recorded as invalid.
    const unlocked = await ground.account(name);
    const place = { ...ground, observe, chain: { ...chain, sender: { ...chain.sender, sendsInvalid } } };
    const made = await createLocalMember(place, { name, unlocked, tokens });
    closers.add(() => made.close());
    return made;
  }

  const planner = await member('planner', plannerTokens);
  const found = await findTask(planner);
  const { task, ...learnt } = found
    ? { task: found.task, ...(await loadTask(recordedStore(planner.log, store), found)) }
    : await postDemonstration(planner, recordedStore(planner.log, store), options);
  const { description, layout, firstModel } = learnt;
  const host = startModelThread(description.model);
  closers.add(() => host.close());
  say(found ? `task ${task} is ${found.status}` : `task ${task} is posted`);

  const kinds = kindsOf(options);
  const digits = await dealDigits({
    seed,
    trainers: kinds.trainer.map((kind) => (kind === 'mirrored' ? 'mirrored' : 'plain')),
    validators: options.validators,
    mirroredShare: demoMirroredShare,
    side: description.data.kind === 'mnist' ? description.data.side : 28,
  });

  const over = Promise.withResolvers<void>();
  let running = kinds.trainer.length + kinds.validator.length + kinds.prover.length;
  const onOver = () => {
    running -= 1;
    if (running === 0) over.resolve();
  };
  const learning = { description, layout };
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
  async function seated(role: AdversarySeat, kind: MemberKind, index: number): Promise<Member> {
    const name = role === 'prover' && index === 0 ? role : `${role} ${index + 1}`;
    const made = await member(name, memberStake, isAdversary(kind) && adversaryOf(kind).sendsInvalid);
    if (role === 'prover') await bondUpTo(made.actions, memberStake);
    else if (joining && (await applyForSeat(made, { task, role, stake: memberStake }))) say(`${name} joins`);
    return made;
  }
  /** An account at work once more, with a reader of the chain of its own. */
  async function reopened({ name, signer: account, secretBox }: Member, folder?: string): Promise<Member> {
    const { reader: _, ...alone } = chain;
    const place = { chain: alone, folder: folder ?? ground.folder, observe };
    const made = await createLocalMember(place, { name, unlocked: { account, secretBox }, tokens: 0n });
    closers.add(() => made.close());
    return made;
  }
  const services: Startable[] = [];
  /** Seats all of a role, one after the other: seats are taken in the order of joining. */
  async function seatAll(
    role: AdversarySeat,
    serve: (account: Member, disguise: Disguise, index: number) => Startable | Promise<Startable>,
  ): Promise<FederationMember[]> {
    const members: FederationMember[] = [];
    for (const [index, kind] of kinds[role].entries()) {
      const live = async (account: Member): Promise<Life> => {
        const worn = isAdversary(kind) ? adversaryOf(kind).disguise() : disguise(account.name);
        const service = await serve(account, worn, index);
        services.push(service);
        return { account, service };
      };
      const first = await seated(role, kind, index);
      const again = async (folder?: string) => live(await reopened(first, folder));
      members.push({ kind, again, ...(await live(first)) });
    }
    return members;
  }

  const trainers = await seatAll('trainer', (account, disguise, index) =>
    assembleTrainer(workplace, account, {
      data: scaledData(digits.trainers[index]!),
      host,
      reachability: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      seed: `${seed}/${index}`,
      disguise,
    }),
  );
  const validators = await seatAll('validator', (account, disguise, index) =>
    assembleValidator(workplace, account, {
      holdout: scaledData(digits.validators[index]!),
      host,
      seed: `${seed}/v${index}`,
      disguise,
    }),
  );
  const provers = await seatAll('prover', (account, disguise) =>
    assembleProver(workplace, account, disguise),
  );
  // Every seat is taken: the planner need not wait for the deadline.
  if (joining) await planner.chain(task).advance();

  const first = [...trainers, ...validators, ...provers].map(({ service }) => service);
  return {
    options,
    task,
    description,
    layout,
    host,
    digits,
    firstModel,
    chain: planner.chain(task),
    trainers,
    validators,
    provers,
    store,
    place: chain,
    over: over.promise,
    async start() {
      for (const service of first) await service.start();
    },
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
      await closers.close();
    },
  };

  /** The task that this planner has posted before. */
  async function findTask({ client, signer }: Member): Promise<PostedTask | undefined> {
    const count = await countTasks(client, chain.deployment);
    for (let number = 1n; number <= count; number++) {
      const posted = await readTask(client, chain.deployment, number);
      if (posted.planner === signer.address) return posted;
    }
    return undefined;
  }
}

const isAdversary = (kind: MemberKind) => kind !== 'plain' && kind !== 'mirrored';

/** Posts the demonstration's task with its first model. */
async function postDemonstration(
  { actions }: Member,
  store: ContentStore,
  options: LocalOptions,
): Promise<LoadedTask & { readonly task: bigint }> {
  const { preset, rounds, selector, seed } = options;
  const description = demoTask({ preset, rounds, selector });
  const layout = modelLayout(description.model);
  const firstModel = initialModel(layout, seed);
  const plan = { description, layout, firstModel, policy: policyOf(options) };
  return { task: await postTask({ actions, store }, plan), description, layout, firstModel };
}

/** The policy of a local task: every phase ends when it is complete, or after `phase` seconds. */
function policyOf({ trainers, validators, minGain, phase, ...options }: LocalOptions): TaskPolicy {
  const majority = Math.floor(trainers / 2) + 1;
  const threshold = options.threshold || majority;
  const durations = Object.keys(defaultDeadlines).map((name) => [name, phase]);
  return {
    trainers: { min: Math.max(threshold, majority), max: trainers },
    validators: { min: Math.max(2, Math.floor(validators / 2) + 1), max: validators },
    threshold,
    members: zeroHash,
    economics: defaultEconomics,
    rules: { ...defaultRules, minGain },
    deadlines: { ...(Object.fromEntries(durations) as Deadlines), appeal: 1 },
  };
}
