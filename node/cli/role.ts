// Roles as processes: what `trainer`, `validator` and `prover` have in common. A process can be killed at any point and started
// again with the same settings: it finds its place from the chain and from its state folder.

import type { Deployment } from '@murmuration/contracts';
import { presetNames } from '@murmuration/core';
import { presets } from '@murmuration/prover';
import { readTask } from '../chain/index.ts';
import { startBackend } from '../learn/index.ts';
import { token } from '../protocol/index.ts';
import {
  assembleProver,
  assembleTrainer,
  assembleValidator,
  bondUpTo,
  createTools,
  loadTask,
  type Member,
  type RoleEvent,
  type Startable,
  type Workplace,
} from '../roles/index.ts';
import { describeData } from './describe_data.ts';
import { describeError, UserError } from './errors.ts';
import { checkMoney } from './money.ts';
import { checkKeys, openData, openDeployment, openKeys, openMember, openStore } from './open.ts';
import { toJson } from './output.ts';
import { accountFlags, type Flag, need, type Settings } from './settings.ts';

export type RoleName = 'trainer' | 'validator' | 'prover';

/** Flags of `run`, for all roles. */
export const runFlags: readonly Flag[] = [
  ...accountFlags,
  'state',
  'task',
  'keys',
  'confirmations',
  'interval',
];

/** What is pledged or kept free unless `--stake` says otherwise. */
export const defaultStake = 100n * token;

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
    if (role === 'prover') await bondStake(member, deployment, settings.stake ?? defaultStake);
    else await checkSeat(member, task, role);
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
      task,
      learning,
      observe: reporter(settings.json),
      interval: settings.interval ?? 500,
      untilReleased: false,
      onOver: () => ending.resolve('over'),
    };
    let service: Startable;
    if (role === 'prover') service = assembleProver(workplace, member);
    else {
      const own = await openData(data!, learning.description, role, settings.seed);
      for (const text of describeData(own, learning.description)) say(text);
      const listen = settings.listen ?? ['/ip4/127.0.0.1/tcp/0'];
      service =
        role === 'trainer'
          ? await assembleTrainer(workplace, member, { data: own, listen })
          : await assembleValidator(workplace, member, { holdout: own });
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

/** @throws UserError unless the account has a seat of this role, or an application for one. */
async function checkSeat({ actions, signer }: Member, task: bigint, role: RoleName): Promise<void> {
  const seat = await actions.seat(task);
  if (seat.removed)
    throw new UserError(
      `${signer.address} lost its place in task ${task} before the start; \`murmur ${role} leave\` frees its stake.`,
    );
  if (seat.role !== role)
    throw new UserError(`${signer.address} is no ${role} of task ${task}; \`murmur ${role} join\` first.`);
}

async function bondStake({ actions, client, signer }: Member, deployment: Deployment, stake: bigint) {
  const { free } = await actions.stake();
  if (free >= stake) return;
  await checkMoney(client, deployment, signer.address, stake - free, 'the stake');
  await bondUpTo(actions, stake);
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
