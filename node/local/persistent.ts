// A federation on one machine that outlives its process: chain, accounts, content and state in one folder. Started again after
// an interrupt or a kill, it goes on where it was; everything on the way to the start may be repeated.
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Anvil, createAnvil, type Deployment, deploy, deploymentSchema } from '@murmuration/contracts';
import { ensureDevelopmentKeys } from '@murmuration/prover';
import { type Address, getAddress, type PublicClient } from 'viem';
import { z } from 'zod';
import { countTasks, type PostedTask, readTask, type TaskChain } from '../chain/index.ts';
import { openKeystore, type UnlockedAccount } from '../keystore/index.ts';
import {
  dealDigits,
  demoMirroredShare,
  demoTask,
  Network,
  scaledData,
  startBackend,
} from '../learn/index.ts';
import { assembleProver, assembleTrainer, assembleValidator, createTools } from '../roles/assemble.ts';
import type { Startable } from '../roles/runtime/loop.ts';
import { applyForSeat, bondUpTo, type Member } from '../roles/runtime/member.ts';
import type { Observer } from '../roles/runtime/observer.ts';
import { describeTask, token } from '../roles/task/post.ts';
import { type DocumentForm, openState, type State, writeAtomically } from '../state/index.ts';
import { createFolderStore } from '../store/index.ts';
import { presetKeys } from './keys.ts';
import { createLocalMember, localChain } from './members.ts';
import { type LocalInput, type LocalOptions, localOptions } from './options.ts';
import { kindsOf, memberStake, policyOf } from './throwaway.ts';

/** Cost of the keystore's scrypt: its password lies beside it, on a development chain. */
const logN = 12;

/** What of a federation cannot be found on the chain: its options, and which account is who. */
const rosterForm: DocumentForm<{ options: LocalOptions; accounts: Record<string, string> }> = {
  name: 'roster',
  version: 1,
  schema: z.strictObject({ options: localOptions, accounts: z.record(z.string(), z.string()) }),
};

const portForm: DocumentForm<{ port: number }> = {
  name: 'chain',
  version: 1,
  schema: z.strictObject({ port: z.int().min(1).max(65_535) }),
};

export interface StandingFederation {
  readonly url: string;
  readonly deployment: Deployment;
  readonly task: bigint;
  readonly chain: TaskChain;
  start(): Promise<void>;
  /** Resolves when every role says that the task is over. */
  readonly over: Promise<void>;
  /** Stops roles and chain; the folder keeps everything. */
  stop(): Promise<void>;
}

/** Sets a federation up in `folder`, or finds it there. @throws where the folder holds one with other options. */
export async function openStandingFederation(
  input: LocalInput,
  folder: string,
  observe: Observer,
  say: (text: string) => void,
): Promise<StandingFederation> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await open(localOptions.parse(input), folder, observe, say, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  options: LocalOptions,
  folder: string,
  observe: Observer,
  say: (text: string) => void,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<StandingFederation> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const state = await openState(join(folder, 'state'));
  closers.push(() => state.close());
  const roster = state.document(rosterForm);
  const known = await roster.update((value) => value ?? { options, accounts: {} });
  checkSame(known.options, options, folder);

  say('circuits, keys and learning engine');
  const keys = await ensureDevelopmentKeys(options.preset, {
    onProgress: ({ stage, id }) => say(`${stage} ${id}`),
  });
  const tools = await createTools(keys);
  closers.push(() => tools.stop());
  await startBackend('wasm');
  const description = demoTask({ preset: options.preset, rounds: options.rounds });
  const network = new Network(description.model);
  closers.push(() => network.dispose());

  say('chain and contracts');
  const anvil = await startChain(options.port, folder, state);
  closers.push(() => anvil.stop());
  const deployment = await deployOnce(join(folder, 'deployment.json'), () =>
    deploy({ url: anvil.url, account: anvil.account(0), presets: [presetKeys(keys)] }),
  );
  const store = createFolderStore(join(folder, 'store'));
  await store.start();
  closers.push(() => store.stop());

  const chain = localChain({ url: anvil.url, deployment });
  const keystore = openKeystore(join(folder, 'keystore'), logN);
  const password = await ownPassword(join(folder, 'password'));
  async function account(name: string): Promise<UnlockedAccount> {
    const { accounts } = (await roster.read())!;
    const address = accounts[name] ?? (await keystore.createAccount(password));
    await roster.write({ ...(await roster.read())!, accounts: { ...accounts, [name]: address } });
    return keystore.unlock(getAddress(address), password);
  }
  async function member(name: string, tokens: bigint): Promise<Member> {
    const made = await createLocalMember(
      name,
      await account(name),
      chain,
      join(folder, 'state'),
      tokens,
      observe,
    );
    closers.push(() => made.close());
    return made;
  }

  const planner = await member('planner', 1_000_000n * token);
  await checkChain(planner.client, deployment, folder);
  const firstModel = network.initial(options.seed);
  const posting = await describeTask(store, description, network, firstModel, policyOf(options));
  const found = await findTask(planner.client, deployment, planner.signer.address);
  const task = found?.task ?? (await planner.actions.post(posting));
  say(found ? `task ${task} is ${found.status}` : `task ${task} is posted`);

  const over = Promise.withResolvers<void>();
  const kinds = kindsOf(options);
  let running = kinds.length + options.validators + 1;
  const onOver = () => {
    running -= 1;
    if (running === 0) over.resolve();
  };
  const workplace = { tools, store, observe, interval: 250, untilReleased: true, onOver };
  const learning = { description, network };
  const digits = await dealDigits({
    seed: options.seed,
    trainers: kinds.map((kind) => (kind === 'mirrored' ? 'mirrored' : 'plain')),
    validators: options.validators,
    mirroredShare: demoMirroredShare,
    side: description.data.kind === 'mnist' ? description.data.side : 28,
  });
  const joining = (found?.status ?? 'open') === 'open';
  const services: Startable[] = [];
  for (const [index, kind] of kinds.entries()) {
    const trainer = await member(`trainer ${index + 1}`, memberStake);
    if (joining) await applyForSeat(trainer, task, 'trainer', memberStake);
    const own = {
      data: scaledData(digits.trainers[index]!),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      ...(kind !== 'plain' && kind !== 'mirrored' && { behaviour: kind }),
    };
    services.push(await assembleTrainer(workplace, trainer, task, learning, own));
  }
  for (const [index, holdout] of digits.validators.entries()) {
    const validator = await member(`validator ${index + 1}`, memberStake);
    if (joining) await applyForSeat(validator, task, 'validator', memberStake);
    services.push(
      await assembleValidator(workplace, validator, task, learning, { holdout: scaledData(holdout) }),
    );
  }
  const prover = await member('prover', memberStake);
  await bondUpTo(prover.actions, memberStake);
  services.push(assembleProver(workplace, prover, task, learning));
  if (joining) await planner.chain(task).advance();

  return {
    url: anvil.url,
    deployment,
    task,
    chain: planner.chain(task),
    over: over.promise,
    async start() {
      for (const service of services) await service.start();
    },
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
      await close();
    },
  };
}

/**
 * Starts the chain on its port of last time, unless another is asked for. After a kill the old chain may still be writing its state
 * down; it lets go of the port when it is done, and only then may the new one read.
 */
async function startChain(asked: number, folder: string, state: State): Promise<Anvil> {
  const document = state.document(portForm);
  const port = (asked || (await document.read())?.port) ?? 0;
  const until = Date.now() + 15_000;
  for (;;) {
    const anvil = createAnvil({ port, state: join(folder, 'chain.json') });
    try {
      await anvil.start();
      await document.write({ port: Number(new URL(anvil.url).port) });
      return anvil;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || Date.now() > until) throw error;
      await sleep(250);
    }
  }
}

/** What would make the folder's accounts and data another federation; the port may change. */
function checkSame(known: LocalOptions, asked: LocalOptions, folder: string): void {
  const names = Object.keys(known) as (keyof LocalOptions)[];
  const changed = names.filter((name) => name !== 'port' && known[name] !== asked[name]);
  if (changed.length > 0)
    throw new Error(
      `${folder} holds a federation with other ${changed.join(', ')} (${changed.map((name) => known[name]).join(', ')}); give the same, or another folder`,
    );
}

/** Deploys and keeps the file, or reads it. */
async function deployOnce(file: string, make: () => Promise<Deployment>): Promise<Deployment> {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) return deploymentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const deployment = await make();
  await writeAtomically(file, `${JSON.stringify(deployment, null, 2)}\n`);
  return deployment;
}

/** @throws where the chain's file was lost, so that the contracts are not there. */
async function checkChain(client: PublicClient, deployment: Deployment, folder: string): Promise<void> {
  if (await client.getCode({ address: deployment.marketplace })) return;
  throw new Error(`${folder}: its chain does not hold its contracts; remove the folder to begin anew`);
}

/** The password that opens the folder's accounts, made once. */
async function ownPassword(file: string): Promise<string> {
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there) return there.trim();
  const password = randomBytes(24).toString('base64url');
  await writeAtomically(file, `${password}\n`);
  return password;
}

/** The task that this planner has posted. */
async function findTask(
  client: PublicClient,
  deployment: Deployment,
  planner: Address,
): Promise<PostedTask | undefined> {
  const count = await countTasks(client, deployment);
  for (let task = 1n; task <= count; task++) {
    const posted = await readTask(client, deployment, task);
    if (posted.planner === planner) return posted;
  }
  return undefined;
}
