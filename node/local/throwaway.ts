// A whole federation on one machine, all parts real: anvil, contracts, SEAL, circuits, libp2p over TCP, a folder as content store.
import { join } from 'node:path';
import { createAnvil, deploy } from '@murmuration/contracts';
import { ensureDevelopmentKeys } from '@murmuration/prover';
import { zeroHash } from 'viem';
import type { TaskChain } from '../chain/index.ts';
import {
  type Digits,
  dealDigits,
  demoMirroredShare,
  demoTask,
  Network,
  scaledData,
  startBackend,
  type TaskDescription,
} from '../learn/index.ts';
import { assembleProver, assembleTrainer, assembleValidator, createTools } from '../roles/assemble.ts';
import type { Startable } from '../roles/runtime/loop.ts';
import { applyForSeat, type Member } from '../roles/runtime/member.ts';
import type { Observer } from '../roles/runtime/observer.ts';
import {
  defaultDeadlines,
  defaultEconomics,
  defaultRules,
  postTask,
  type TaskPolicy,
  token,
} from '../roles/task/post.ts';
import { createFolderStore } from '../store/index.ts';
import { presetKeys } from './keys.ts';
import { createLocalMember, localChain, newAccount } from './members.ts';
import { type LocalInput, type LocalOptions, localOptions } from './options.ts';

/** Stake that every member pledges, and that the prover keeps free. */
export const memberStake = 100n * token;

/** Milliseconds between two looks at the chain: it is on this machine. */
const interval = 150;

/** What a trainer of the demonstration is. */
export type TrainerKind = 'plain' | 'mirrored' | 'noise' | 'opposite' | 'garbage-proof';

export interface LocalTrainer {
  account: Member;
  kind: TrainerKind;
  service: Startable;
}

/** A federation that is set up: everyone has joined, nobody is started yet. */
export interface LocalFederation {
  readonly options: LocalOptions;
  readonly description: TaskDescription;
  readonly network: Network;
  readonly digits: Digits;
  readonly firstModel: Float32Array;
  /** The task as an onlooker sees it; `refresh` it before reading. */
  readonly chain: TaskChain;
  readonly trainers: readonly LocalTrainer[];
  readonly validators: readonly Startable[];
  readonly prover: Startable;
  readonly store: ReturnType<typeof createFolderStore>;
  /** Starts all roles. */
  start(): Promise<void>;
  /** Stops all roles, the prover backend, the chain; leaves nothing behind but the folder. */
  stop(): Promise<void>;
}

/** Sets a federation up below `folder`: keys, chain, contracts, accounts, task, members. `say` hears of each step. */
export async function createLocalFederation(
  input: LocalInput,
  folder: string,
  observe: Observer,
  say: (text: string) => void,
): Promise<LocalFederation> {
  const options = localOptions.parse(input);
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await create(options, folder, observe, say, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function create(
  options: LocalOptions,
  folder: string,
  observe: Observer,
  say: (text: string) => void,
  closers: (() => Promise<unknown> | unknown)[],
  close: () => Promise<void>,
): Promise<LocalFederation> {
  const { preset, rounds, seed } = options;
  say('circuits and development keys');
  const keys = await ensureDevelopmentKeys(preset, { onProgress: ({ stage, id }) => say(`${stage} ${id}`) });
  const tools = await createTools(keys);
  closers.push(() => tools.stop());

  say('learning engine and data');
  await startBackend('wasm');
  const description = demoTask({ preset, rounds, selector: options.selector });
  const network = new Network(description.model);
  closers.push(() => network.dispose());
  const kinds = kindsOf(options);
  const digits = await dealDigits({
    seed,
    trainers: kinds.map((kind) => (kind === 'mirrored' ? 'mirrored' : 'plain')),
    validators: options.validators,
    mirroredShare: demoMirroredShare,
    side: description.data.kind === 'mnist' ? description.data.side : 28,
  });
  const firstModel = network.initial(seed);

  say('chain and contracts');
  const anvil = createAnvil({ port: options.port });
  await anvil.start();
  closers.push(() => anvil.stop());
  const deployment = await deploy({ url: anvil.url, account: anvil.account(0), presets: [presetKeys(keys)] });
  const store = createFolderStore(join(folder, 'store'));
  await store.start();
  closers.push(() => store.stop());

  const chain = localChain({ url: anvil.url, deployment });
  const account = async (name: string, tokens: bigint) => {
    const made = await createLocalMember(name, newAccount(), chain, join(folder, 'state'), tokens, observe);
    closers.push(() => made.close());
    return made;
  };
  say('the planner posts the task');
  const planner = await account('planner', 1_000_000n * token);
  const task = await postTask(planner.actions, store, description, network, firstModel, policyOf(options));

  const workplace = { tools, store, observe, interval, untilReleased: true };
  const learning = { description, network };
  const trainers: LocalTrainer[] = [];
  for (const [index, kind] of kinds.entries()) {
    say(`trainer ${index + 1} joins`);
    const member = await account(`trainer ${index + 1}`, memberStake);
    await applyForSeat(member, task, 'trainer', memberStake);
    const service = await assembleTrainer(workplace, member, task, learning, {
      data: scaledData(digits.trainers[index]!),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      seed: `${seed}/${index}`,
      ...(kind !== 'plain' && kind !== 'mirrored' && { behaviour: kind }),
    });
    trainers.push({ account: member, kind, service });
  }
  const validators: Startable[] = [];
  for (const [index, holdout] of digits.validators.entries()) {
    say(`validator ${index + 1} joins`);
    const member = await account(`validator ${index + 1}`, memberStake);
    await applyForSeat(member, task, 'validator', memberStake);
    const own = { holdout: scaledData(holdout), seed: `${seed}/v${index}` };
    validators.push(await assembleValidator(workplace, member, task, learning, own));
  }
  const staked = await account('prover', memberStake);
  await staked.actions.bond(memberStake);
  const proverRole = assembleProver(workplace, staked, task, learning);
  // Every seat is taken: the planner need not wait for the deadline.
  await planner.chain(task).advance();

  const services = [...trainers.map(({ service: running }) => running), ...validators, proverRole];
  return {
    options,
    description,
    network,
    digits,
    firstModel,
    chain: planner.chain(task),
    trainers,
    validators,
    prover: proverRole,
    store,
    async start() {
      for (const running of services) await running.start();
    },
    async stop() {
      await Promise.all(services.map((running) => running.stop()));
      await close();
    },
  };
}

/** What each trainer is: the last one left-handed, the last but one the adversary, if there is one. */
export function kindsOf({ trainers, adversary }: LocalOptions): TrainerKind[] {
  return Array.from({ length: trainers }, (_, index) => {
    if (index === trainers - 1) return 'mirrored';
    return index === trainers - 2 && adversary !== 'none' ? adversary : 'plain';
  });
}

/** The policy of a local task: every phase ends when it is complete, or after `phase` seconds. */
export function policyOf({ trainers, validators, minGain, phase }: LocalOptions): TaskPolicy {
  const threshold = Math.floor(trainers / 2) + 1;
  const durations = Object.keys(defaultDeadlines).map((name) => [name, phase]);
  return {
    trainers: { min: threshold, max: trainers },
    validators: { min: Math.floor(validators / 2) + 1, max: validators },
    threshold,
    members: zeroHash,
    economics: defaultEconomics,
    rules: { ...defaultRules, minGain },
    deadlines: { ...(Object.fromEntries(durations) as typeof defaultDeadlines), appeal: 1 },
  };
}
