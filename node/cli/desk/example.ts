// The example: a development chain of the desk's own, with a federation whose first seat is free.
import { join } from 'node:path';
import type { Deployment } from '@murmuration/contracts';
import { type Address, isAddressEqual, zeroHash } from 'viem';
import { countTasks, type PostedTask, readTask } from '../../chain/index.ts';
import { type DemoPreset, demoTask } from '../../demo/index.ts';
import { NodeError } from '../../errors.ts';
import type { UnlockedAccount } from '../../keystore/index.ts';
import { modelLayout, type OwnData } from '../../learn/index.ts';
import {
  type FreeSeat,
  fund,
  fundNew,
  type LocalInput,
  memberStake,
  openPersistentFederation,
  type PersistentFederation,
} from '../../local/index.ts';
import { token } from '../../protocol/index.ts';
import { describeError, type Fault, faultOf } from '../output/fault.ts';
import { tokens } from '../output/format.ts';

/**
 * Few enough that it begins at once, and enough that all of it shows: three groups of validators, a left-handed trainer.
 * A phase is long enough for a slow machine, and short enough to wait for where somebody stops in the middle.
 */
const options = { scenario: 'digits', trainers: 4, phase: 300, freeSeat: true } as const satisfies LocalInput;

/** A running example. */
export interface Example {
  /** Of the chain's JSON-RPC. */
  readonly rpc: string;
  readonly deployment: Deployment;
  /** Where all of it is kept. */
  readonly home: string;
  /** The free seat of the example's task, its account with play money for it, and what it pledges. */
  readonly free: FreeSeat & {
    readonly task: bigint;
    readonly stake: bigint;
    /** The trainer whose digits are mirrored. */
    readonly leftHanded: Address;
  };
  /** Who posts further tasks from the page, with play money for them. */
  readonly planner: UnlockedAccount;
  /**
   * The other members join a task that the planner has posted: all its seats but one trainer's. Where they do not,
   * `joinFault` has the reason.
   */
  join(task: bigint): Promise<void>;
  /** Why they did not join a task. */
  joinFault(task: bigint): Fault | undefined;
  /** The rows that there are for the free seat of a task; undefined where the others are not in it. */
  rowsOf(task: bigint): OwnData | undefined;
  /** The tasks for whose free seat there are rows. */
  tasks(): bigint[];
  stop(): Promise<void>;
}

/** Where an example lies, and who hears of it. */
export interface ExampleSettings {
  /** The desk's own. */
  readonly home: string;
  readonly preset: DemoPreset;
  readonly cache: string;
  readonly say: (text: string) => void;
}

/** The name of the page's planner among the example's accounts. */
const plannerName = 'planner in the page';
const plannerTokens = 10_000n * token;

type Terms = Pick<PostedTask, 'parameters' | 'economics'>;

/**
 * Why the example's members do not join a task: they have digits for the example's preset, so many rows, so much stake.
 * @returns undefined where they do
 */
export function whyNotJoined({ parameters, economics }: Terms, preset: DemoPreset): string | undefined {
  const { maxTrainers, maxValidators, minTrainers, modelSize } = parameters;
  const { size } = modelLayout(demoTask({ preset }).model);
  if (modelSize !== size) return 'they have handwritten digits, which this model does not take';
  if (parameters.members !== zeroHash) return 'its list does not name them';
  if (maxTrainers < 3 || maxTrainers > 16 || minTrainers > maxTrainers)
    return `they have rows for 3 to 16 trainers, not for ${maxTrainers}`;
  if (maxValidators > 14) return `they have rows for 2 to 14 validators, not for ${maxValidators}`;
  if (economics.minStake > memberStake) return `each has ${tokens(memberStake)} tokens to pledge`;
  return undefined;
}

/** What an account has posted. */
async function tasksOf(
  { client, deployment }: Pick<PersistentFederation, 'client' | 'deployment'>,
  planner: Address,
): Promise<PostedTask[]> {
  const count = await countTasks(client, deployment);
  const all = [];
  for (let task = 1n; task <= count; task++) all.push(await readTask(client, deployment, task));
  return all.filter((posted) => isAddressEqual(posted.planner, planner));
}

/** Begins an example, or goes on with the one that is there. */
export async function openExample({ preset, cache, say, ...settings }: ExampleSettings): Promise<Example> {
  const home = join(settings.home, 'example');
  const federation = await openPersistentFederation({ ...options, preset }, home, {
    cacheFolder: cache,
    say,
    observe: () => undefined,
  });
  try {
    const { url, deployment, task } = federation;
    const free = federation.free!;
    const { address } = free.account.account;
    const planner = await federation.account(plannerName);
    const gifts = [
      { to: address, tokens: memberStake },
      { to: planner.account.address, tokens: plannerTokens },
    ];
    await fundNew({ url, deployment }, gifts);
    say('the other members start');
    await federation.start();
    const rows = new Map<bigint, OwnData>([[task, free.data]]);
    const faults = new Map<bigint, Fault>();
    /** @param before what has to be done first. */
    async function join(further: bigint, before = async () => {}): Promise<void> {
      faults.delete(further);
      try {
        const why = whyNotJoined(await readTask(federation.client, deployment, further), preset);
        if (why !== undefined)
          throw new NodeError('input', `the example's other members do not join: ${why}`, {
            mend: 'Give it up and post another, or let members of your own join.',
          });
        await before();
        const made = await federation.further(further, planner);
        rows.set(further, made.free!.data);
        await made.start();
      } catch (error) {
        faults.set(further, faultOf(error));
        say(`task ${further}: ${describeError(error)}`);
      }
    }
    for (const posted of await tasksOf(federation, planner.account.address))
      if (posted.status !== 'ended' && posted.status !== 'cancelled') await join(posted.task);
    return {
      rpc: url,
      deployment,
      home,
      free: { ...free, task, stake: memberStake, leftHanded: leftHandedOf(federation) },
      planner,
      // What the account has is pledged to the task before.
      join: (further) =>
        join(further, () => fund({ url, deployment }, { to: address, ether: 0n, tokens: memberStake })),
      joinFault: (further) => faults.get(further),
      rowsOf: (further) => rows.get(further),
      tasks: () => [...rows.keys()],
      stop: () => federation.stop(),
    };
  } catch (error) {
    await federation.stop();
    throw error;
  }
}

/** Digits are mirrored at the last trainer. */
function leftHandedOf({ trainers }: PersistentFederation): Address {
  const last = trainers.findLast(({ kind }) => kind === 'mirrored');
  if (last) return last.account.signer.address;
  throw new Error('the example has no left-handed trainer');
}
