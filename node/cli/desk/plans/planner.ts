// The planner of a desk: it looks at a plan, posts it, watches what it has posted, starts it, gives it up.
import type { Plan, PlanAsked, PlanChecked, PlanToPost, Posting } from '@murmuration/desk';
import { type Address, isAddressEqual, sha256 } from 'viem';
import { toAccount } from 'viem/accounts';
import {
  connect,
  countTasks,
  createChainReader,
  createTaskChain,
  defaultFollowSettings,
  escrowOf,
  type PostedTask,
  readStake,
  readTask,
  type TaskChain,
} from '../../../chain/index.ts';
import type { DemoPreset } from '../../../demo/index.ts';
import { NodeError } from '../../../errors.ts';
import { Refusal } from '../../../http/index.ts';
import type { UnlockedAccount } from '../../../keystore/index.ts';
import { reviewTask } from '../../../review/index.ts';
import { describeTask } from '../../../roles/index.ts';
import type { Member } from '../../../roles/runtime/member.ts';
import { cancelTask, startTask } from '../../member/planned.ts';
import type { ProgramPlace } from '../../open/host.ts';
import { memberOf } from '../../open/member.ts';
import { postPlan } from '../../open/post_plan.ts';
import { openStore } from '../../open/store.ts';
import { faultOf } from '../../output/fault.ts';
import { whyNotJoined } from '../example.ts';
import type { MarketView } from '../market/read_market.ts';
import type { OpenPlace } from '../place.ts';
import { planView } from './plan_view.ts';
import { readPlan } from './read_plan.ts';

/** Gas of a posting, about: most of it is kept words, of which every task has as many. */
const gasOfPosting = 600_000n;

/** What a desk's planner needs to know. */
export interface PlannerSettings {
  readonly place: OpenPlace;
  readonly preset: DemoPreset;
  /** How the program of a task is run here; the page names none. */
  readonly program: ProgramPlace;
  readonly market: Pick<MarketView, 'description'>;
  /** Whose plans are shown. */
  account(): Address | undefined;
  /** The same, able to sign; undefined while it is locked. */
  unlocked(): UnlockedAccount | undefined;
  /** Hears that a plan stands otherwise than before. */
  readonly changed: () => void;
}

/** A desk's planner. */
export interface Planner {
  check(asked: PlanAsked): Promise<PlanChecked>;
  /** Begins to post it behind the answer; `posting` tells what came of it. @throws Refusal `not-ready` while one is posted */
  post(asked: PlanToPost): Posting;
  /** The last one that was asked for. */
  readonly posting: Posting | undefined;
  list(): Promise<Plan[]>;
  /** @returns what was done, in words */
  order(task: bigint, what: 'start' | 'cancel'): Promise<string>;
}

export function openPlanner({
  place,
  preset,
  program,
  market,
  account,
  unlocked,
  changed,
}: PlannerSettings): Planner {
  const { client, deployment, settings, example } = place;
  const chains = new Map<bigint, TaskChain>();

  /** One after the other: a member's state is held by one at a time. */
  let turn: Promise<unknown> = Promise.resolve();
  function asPlanner<T>(act: (planner: Member) => Promise<T>): Promise<T> {
    const done = turn.then(async () => {
      const open = unlocked();
      if (!open)
        throw new Refusal('not-ready', 'the account that is to plan is locked, or none is chosen', {
          mend: 'Choose an account and unlock it with its password.',
        });
      const member = await memberOf(settings, deployment, {
        name: 'planner',
        unlocked: open,
        observe: () => undefined,
      });
      return act(member).finally(() => member.close());
    });
    turn = done.catch(() => undefined);
    return done;
  }

  async function chainOf({ task, planner }: PostedTask): Promise<TaskChain> {
    const known = chains.get(task);
    if (known) return known;
    const { sender } = await connect({ url: settings.rpc, deployment }, toAccount(planner));
    const reader = createChainReader({ client, deployment, follow: defaultFollowSettings });
    const chain = createTaskChain({ reader, sender, task, onTransaction: () => undefined });
    chains.set(task, chain);
    return chain;
  }

  async function view(posted: PostedTask): Promise<Plan> {
    const [description, bounty, chain, { credit }] = await Promise.all([
      market.description(posted.task),
      escrowOf(client, deployment, posted),
      chainOf(posted),
      readStake(client, deployment, posted.planner),
    ]);
    return planView({
      posted,
      name: description?.name ?? `task ${posted.task}`,
      bounty,
      chain,
      claimable: credit,
      othersFault: example?.joinFault(posted.task),
    });
  }

  let posting: Posting | undefined;
  function tell(now: Posting): Posting {
    posting = now;
    changed();
    return now;
  }

  async function postNow({ id, acceptRisks, again, ...asked }: PlanToPost): Promise<void> {
    const { plan, faults, firstModel } = await readPlan({ deployment, preset, program }, asked);
    if (!plan) {
      const said = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
      throw new NodeError('input', said, { mend: 'Mend it in the form.' });
    }
    const { name } = plan.description;
    tell({ id, state: 'working', name });
    const whole = { ...plan, firstModel: await firstModel() };
    const { task } = await asPlanner(async (planner) => {
      const store = await openStore(settings, deployment);
      const terms = { ...settings, acceptRisks, again };
      return postPlan({ settings: terms, planner, deployment, store, hear: () => undefined }, whole).finally(
        () => store.stop(),
      );
    });
    tell({ id, state: 'done', name, task: `${task}` });
    await example?.join(task);
    changed();
  }

  return {
    async check(asked) {
      const { plan, says, faults } = await readPlan({ deployment, preset, program }, asked);
      if (!plan) return { faults, says, findings: [] };
      // Nothing is put anywhere before it is posted, nor is a program started; what is locked does not hang on the model.
      const firstModel = new Float32Array(plan.layout.size);
      const posting = await describeTask({ put: async (bytes) => sha256(bytes) }, { ...plan, firstModel });
      const bounty = await escrowOf(client, deployment, posting);
      const others = example && whyNotJoined(posting, preset);
      return {
        faults,
        says: [...says],
        name: plan.description.name,
        findings: reviewTask({ ...posting, description: plan.description }),
        bounty: `${bounty}`,
        gas: `${gasOfPosting}`,
        wei: `${gasOfPosting * (await client.getGasPrice())}`,
        parameters: plan.layout.size,
        ...(others !== undefined && { others }),
      };
    },
    post(asked) {
      if (posting?.state === 'working')
        throw new Refusal('not-ready', `${posting.name || 'a task'} is being posted`, {
          mend: 'Wait until that is done.',
        });
      const { id } = asked;
      const begun = tell({ id, state: 'working', name: '' });
      void postNow(asked).catch((error: unknown) =>
        tell({ id, state: 'failed', name: posting!.name, fault: faultOf(error) }),
      );
      return begun;
    },
    get posting() {
      return posting;
    },
    async list() {
      const own = account();
      if (!own) return [];
      const plans: Plan[] = [];
      for (let task = await countTasks(client, deployment); task > 0n; task--) {
        const posted = await readTask(client, deployment, task);
        if (isAddressEqual(posted.planner, own)) plans.push(await view(posted));
      }
      return plans;
    },
    async order(task, what) {
      const posted = await readTask(client, deployment, task);
      return asPlanner((planner) =>
        what === 'start' ? startTask(planner, posted) : cancelTask(planner, posted),
      );
    },
  };
}
