// Roles as processes: what `trainer`, `validator` and `prover` have in common. A process can be killed at any point and started
// again with the same settings: it finds its place from the chain and from its state folder.
import type { Deployment } from '../../contracts/index.ts';
import { presetNames, presets } from '../../prover/index.ts';
import { Reverted, readSeat, readStake, readTask } from '../chain/index.ts';
import { startBackend } from '../learn/index.ts';
import {
  assembleProver,
  assembleTrainer,
  assembleValidator,
  createTools,
  type Workplace,
} from '../roles/assemble.ts';
import { loadTask } from '../roles/load_task.ts';
import type { Startable } from '../roles/loop.ts';
import { applyForSeat, bondUpTo, type Member } from '../roles/member.ts';
import type { RoleEvent } from '../roles/observer.ts';
import { token } from '../roles/planner.ts';
import { describeError, UserError } from './errors.ts';
import { readListing } from './listing.ts';
import { moment, print, toJson, tokens } from './output.ts';
import { accountFlags, chainFlags, type Flag, need, type Settings } from './settings.ts';
import {
  checkKeys,
  chooseAccount,
  openData,
  openDeployment,
  openKeys,
  openMember,
  openOnlooker,
  openStore,
} from './site.ts';

export type RoleName = 'trainer' | 'validator' | 'prover';

/** Flags by action, for all roles. */
export const joinFlags: readonly Flag[] = [...accountFlags, 'state', 'task', 'stake', 'weight', 'proof'];
export const statusFlags: readonly Flag[] = [...chainFlags, 'account', 'keystore', 'task'];
export const leaveFlags: readonly Flag[] = [...accountFlags, 'state', 'task'];
export const runFlags: readonly Flag[] = [
  ...accountFlags,
  'state',
  'task',
  'store',
  'keys',
  'confirmations',
  'interval',
];

/** What is pledged unless `--stake` says otherwise. */
const defaultStake = 100n * token;

export const commonHelp = `  --task N            the task
  --account ADDRESS   which account, if the keystore has several
  --rpc URL           the chain's node (http://127.0.0.1:8545)
  --deployment FILE   the deployment (HOME/deployment.json)
  --store PLACE       content: a folder that all share (HOME/store), or kubo:http://127.0.0.1:5001
  --keys MANIFEST     keys of a ceremony; without it, on a development chain, development keys
  --state FOLDER      this role's memory, sealed; keep it (below HOME/state)
  --home FOLDER       where everything is kept (~/.murmuration)
  --keystore FOLDER   the accounts (HOME/keystore)
  --password-file FILE  or $MURMURATION_PASSWORD_FILE, $MURMURATION_PASSWORD, or a prompt
  --confirmations N   blocks that must lie above a block before it counts (5; 0 on a development chain)
  --interval MS       between two looks at the chain (500)
  --json              print JSON`;

async function withMember<T>(
  role: RoleName,
  settings: Settings,
  act: (member: Member, deployment: Deployment, task: bigint) => Promise<T>,
): Promise<T> {
  const task = need(settings, 'task', role);
  const deployment = await openDeployment(settings);
  const member = await openMember(settings, deployment, role);
  try {
    return await act(member, deployment, task);
  } finally {
    await member.close();
  }
}

/** Bonds stake and applies for a seat; doing it twice changes nothing. */
export async function join(role: 'trainer' | 'validator', settings: Settings): Promise<void> {
  await withMember(role, settings, async (member, deployment, task) => {
    const { status } = await readTask(member.client, deployment, task);
    const stake = settings.stake ?? defaultStake;
    const seat = await member.actions.seat(task);
    if (seat.role === role && !seat.removed)
      return print(
        settings.json,
        { task, role, joined: false },
        `${role} of task ${task} already, pledged ${tokens(seat.pledged)}`,
      );
    if (status !== 'open') throw new UserError(`task ${task} is ${status}: joining is over.`);
    await applyForSeat(member, task, role, stake, await readListing(settings));
    print(
      settings.json,
      { task, role, joined: true, stake },
      `applied as ${role} of task ${task}, pledging ${tokens(stake)}`,
    );
  });
}

/** Prints where a member stands. It only looks: no password, and a process that runs the role is not disturbed. */
export async function status(role: 'trainer' | 'validator', settings: Settings): Promise<void> {
  const task = need(settings, 'task', `${role} status`);
  const deployment = await openDeployment(settings);
  const account = settings.account ?? (await chooseAccount(settings));
  const { client, chain } = await openOnlooker(settings, deployment, account, task);
  const posted = await readTask(client, deployment, task);
  await chain.refresh();
  const seat = await readSeat(client, deployment, task, account);
  const stake = await readStake(client, deployment, account);
  const started = posted.status === 'running' || posted.status === 'ended';
  const stage = started ? await chain.stage() : undefined;
  const standing = started ? (await chain.seat(account)).standing : 'none';
  const { rounds, slashed, credits } = chain.journal;
  const settled = rounds.flatMap((entry) => entry.settled.filter(({ trainer }) => trainer === account));
  const result = {
    task,
    account,
    status: posted.status,
    role: seat.role,
    standing,
    round: stage?.round ?? 0,
    phase: stage?.phase ?? 'none',
    deadline: stage?.deadline ?? posted.deadline,
    strikes: settled.at(-1)?.strikes ?? 0,
    pledged: seat.pledged,
    slashed: slashed.get(account) ?? 0n,
    earned: credits.get(account) ?? 0n,
    claimable: stake.credit,
    free: stake.free,
    queued: stake.queued,
  };
  const text = [
    `task ${task} is ${posted.status}${stage ? `, round ${stage.round} of ${posted.parameters.rounds}, ${stage.phase}` : ''}, deadline ${moment(result.deadline)}`,
    `${account}: ${seat.role}${started ? `, standing ${standing}` : ''}, ${result.strikes} strikes`,
    `  pledged ${tokens(seat.pledged)}, slashed ${tokens(result.slashed)}, earned ${tokens(result.earned)}, to claim ${tokens(stake.credit)}`,
    `  free ${tokens(stake.free)}, on its way out ${tokens(stake.queued)}`,
  ];
  print(settings.json, result, text.join('\n'));
}

/** Takes an application back, or, after the task, gets stake and earnings out as far as they are due. */
export async function leave(role: 'trainer' | 'validator', settings: Settings): Promise<void> {
  await withMember(role, settings, async (member, deployment, task) => {
    const { actions } = member;
    const { status } = await readTask(member.client, deployment, task);
    const seat = await actions.seat(task);
    const done: string[] = [];
    if (status === 'open' && seat.role !== 'none') {
      await actions.withdrawApplication(task);
      done.push('took its application back');
    } else if (seat.pledged > 0n) {
      try {
        await actions.release(task);
        done.push(`freed ${tokens(seat.pledged)} of stake`);
      } catch (error) {
        if (!(error instanceof Reverted) || error.error !== 'StakeHeld') throw error;
        throw new UserError(
          `task ${task} is ${status}: its stake is held until the task is over and the appeal window has passed. A member that stops early is slashed for each duty it misses.`,
        );
      }
    }
    const claimed = await actions.claim();
    if (claimed > 0n) done.push(`claimed ${tokens(claimed)}`);
    const { free } = await actions.stake();
    if (free > 0n) {
      await actions.queue(free);
      done.push(`put ${tokens(free)} into the queue to leave`);
    } else {
      const { queued, withdrawableAt } = await actions.stake();
      const due = Number(withdrawableAt) <= Date.now() / 1000;
      if (queued > 0n && due) {
        await actions.withdraw();
        done.push(`withdrew ${tokens(queued)}`);
      } else if (queued > 0n)
        done.push(`${tokens(queued)} can be withdrawn from ${moment(withdrawableAt)}: leave again then`);
    }
    print(settings.json, { task, done }, done.join('\n') || 'nothing to do');
  });
}

/** Runs a role until its task is over or it is interrupted; resolves to the exit code. */
export async function runRole(role: RoleName, settings: Settings): Promise<number> {
  const task = need(settings, 'task', `${role} run`);
  const data = role === 'prover' ? undefined : need(settings, 'data', `${role} run`);
  const say = (text: string) => console.log(settings.json ? toJson({ type: 'note', text }) : stamped(text));
  const closers: (() => unknown)[] = [];
  const ending = Promise.withResolvers<'over' | 'interrupted'>();
  const interrupt = () => ending.resolve('interrupted');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const deployment = await openDeployment(settings);
    const member = await openMember(settings, deployment, role, reporter(settings.json));
    closers.push(() => member.close());
    const posted = await readTask(member.client, deployment, task);
    if (role === 'prover') await bondUpTo(member.actions, settings.stake ?? defaultStake);
    else if ((await member.actions.seat(task)).role !== role)
      throw new UserError(
        `${member.signer.address} is no ${role} of task ${task}; \`murmur ${role} join\` first.`,
      );
    const preset = presetNames.find((name) => presets[name].id === posted.parameters.preset);
    if (!preset)
      throw new UserError(
        `task ${task} is of preset ${posted.parameters.preset}, which this version does not know.`,
      );
    const keys = await openKeys(settings, deployment, preset, say);
    await checkKeys(member.client, deployment, keys);
    const store = await openStore(settings);
    closers.push(() => store.stop());
    await startBackend('wasm');
    const learning = await loadTask(store, posted);
    closers.push(() => learning.network.dispose());
    const tools = await createTools(keys);
    closers.push(() => tools.stop());
    const workplace: Workplace = {
      tools,
      store,
      observe: reporter(settings.json),
      interval: settings.interval ?? 500,
      untilReleased: false,
      onOver: () => ending.resolve('over'),
    };
    let service: Startable;
    if (role === 'prover') service = assembleProver(workplace, member, task, learning);
    else {
      const own = await openData(data!, learning.description, role, settings.seed);
      const listen = settings.listen ?? ['/ip4/127.0.0.1/tcp/0'];
      service =
        role === 'trainer'
          ? await assembleTrainer(workplace, member, task, learning, { data: own, listen })
          : await assembleValidator(workplace, member, task, learning, own);
    }
    await service.start();
    closers.push(() => service.stop());
    say(`${role} ${member.signer.address} of task ${task} runs`);
    const how = await ending.promise;
    const { status } = await readTask(member.client, deployment, task);
    say(
      how === 'over'
        ? `task ${task} is ${status}; \`murmur ${role} leave\` gets the stake out when it is free`
        : 'stopped; start it again with the same settings to go on',
    );
    return 0;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    for (const close of closers.reverse()) await close();
  }
}

const stamped = (text: string): string => `${new Date().toISOString().slice(11, 19)}  ${text}`;

/** Prints what a role does. */
function reporter(json: boolean): (event: RoleEvent) => void {
  return (event) => {
    if (event.type === 'fault') {
      const text = describeError(event.error);
      console.error(
        json ? toJson({ type: 'fault', role: event.role, text }) : stamped(`${event.role}: ${text}`),
      );
    } else if (json) console.log(toJson(event));
    else if (event.type === 'step') console.log(stamped(`${event.role} ${event.text}`));
  };
}
