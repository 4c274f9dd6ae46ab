// The marketplace of a deployment, newest tasks first.

import type { Deployment } from '@murmuration/contracts';
import { MurmurationError } from '@murmuration/core';
import type { Market, Task } from '@murmuration/desk';
import type { Address, PublicClient } from 'viem';
import { countTasks, escrowOf, type PostedTask, readSeat, readTask } from '../../../chain/index.ts';
import { Refusal } from '../../../http/index.ts';
import type { TaskDescription } from '../../../learn/index.ts';
import { checkDescription } from '../../../roles/index.ts';
import type { StoreSettings } from '../../open/content_place.ts';
import { readDescription, readMembers } from '../../open/review.ts';
import { describeError } from '../../output/fault.ts';
import { taskView } from './task_view.ts';

/** Tasks that are shown, at most: a stranger may post as many as it pays for. */
const mostTasks = 200;

/** Where a market is read. */
export interface MarketPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly settings: StoreSettings;
  /** Whose seats are shown; nobody's without it. */
  account(): Address | undefined;
}

/** What is known of a task's description. */
interface Described {
  readonly description: TaskDescription | undefined;
  readonly fault?: string;
}

/** A market that can be read again and again. */
export interface MarketView {
  read(): Promise<Market>;
  /** A task as the chain has it. @throws Refusal `not-found` */
  posted(task: bigint): Promise<PostedTask>;
  /** A task's description as the chain names it; undefined where it cannot be had, or must not be used. */
  description(task: bigint): Promise<TaskDescription | undefined>;
}

export function openMarket(place: MarketPlace): MarketView {
  const { client, deployment, settings } = place;
  /** By number: a description and a bounty never change. */
  const described = new Map<bigint, Described>();
  const bounties = new Map<bigint, bigint>();

  async function describe(posted: PostedTask): Promise<Described> {
    const known = described.get(posted.task);
    if (known) return known;
    const found = await describedAs(settings, deployment, posted);
    // What is away may come; what was read stays as it is.
    if (found.description || found.fault !== undefined) described.set(posted.task, found);
    return found;
  }

  async function bountyOf(posted: PostedTask): Promise<bigint> {
    const bounty = bounties.get(posted.task) ?? (await escrowOf(client, deployment, posted));
    bounties.set(posted.task, bounty);
    return bounty;
  }

  async function view(task: bigint, gasPrice: bigint): Promise<Task> {
    const posted = await readTask(client, deployment, task);
    const account = place.account();
    const [{ description, fault }, members, bounty, seat] = await Promise.all([
      describe(posted),
      readMembers(client, deployment, posted),
      bountyOf(posted),
      account && readSeat(client, deployment, { task, account }),
    ]);
    const own = seat && !seat.removed ? seat.role : 'none';
    return taskView({ posted, description, fault, members, bounty, gasPrice, seat: own });
  }

  return {
    async read() {
      const [count, gasPrice] = await Promise.all([countTasks(client, deployment), client.getGasPrice()]);
      const tasks: Task[] = [];
      for (let task = count; task > 0n && tasks.length < mostTasks; task--)
        tasks.push(await view(task, gasPrice));
      return { tasks };
    },
    async posted(task) {
      if (task > (await countTasks(client, deployment)))
        throw new Refusal('not-found', `there is no task ${task}`);
      return readTask(client, deployment, task);
    },
    description: async (task) => (await describe(await readTask(client, deployment, task))).description,
  };
}

/** A description that is none, or another than the chain's, is no fault of the market: the task is shown with it. */
async function describedAs(
  settings: StoreSettings,
  deployment: Deployment,
  posted: PostedTask,
): Promise<Described> {
  try {
    const description = await readDescription(settings, deployment, posted);
    if (description) checkDescription(posted.task, description, posted.parameters);
    return { description };
  } catch (error) {
    if (!(error instanceof MurmurationError)) throw error;
    return { description: undefined, fault: describeError(error) };
  }
}
