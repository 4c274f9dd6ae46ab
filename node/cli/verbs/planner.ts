// `npm run murmur -- planner create|start|list|show|cancel|claim`: a task from its description to its posting.

import { readFile } from 'node:fs/promises';
import type { Deployment } from '@murmuration/contracts';
import { presetNames } from '@murmuration/core';
import { presets } from '@murmuration/prover';
import { countTasks, escrowOf, type PostedTask, readTask } from '../../chain/index.ts';
import { Network, startBackend } from '../../learn/index.ts';
import { decodeModel } from '../../protocol/index.ts';
import { describeTask, fetchDescription } from '../../roles/index.ts';
import { StoreError } from '../../store/index.ts';
import { UserError } from '../errors.ts';
import { checkMoney } from '../money.ts';
import { openDeployment, openMember, openOnlooker, openReader, openStore } from '../open.ts';
import { moment, percent, print, tokens } from '../output.ts';
import { readDescription, readPolicy } from '../policy.ts';
import { accountFlags, chainFlags, type Flag, need, readSettings, type Settings } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- planner create [--description FILE | --preset NAME] [--policy FILE] [flags]
npm run murmur -- planner start --task N
npm run murmur -- planner list
npm run murmur -- planner show --task N
npm run murmur -- planner cancel --task N
npm run murmur -- planner claim

create   put description and first model into the store, lock the bounty, post the task
start    close joining now, when there are enough members and no more than seats; else joining ends at its deadline
list     every task of the deployment
show     a task: parameters, policy, members, description, its rounds so far
cancel   give a task up while members join; the bounty comes back
claim    pay out what came back of bounties

The trained model: \`murmur model save\`. How a description and a policy are written, with an example: node/cli/README.md.

  --description FILE  JSON of a task: model, data, training; without it the demonstration on handwritten digits
  --preset NAME       of the demonstration: tiny or quick (quick)
  --rounds N          of the demonstration (8)
  --model FILE        first model, float32 little-endian; without it, from --seed
  --policy FILE       JSON with any of: trainers, validators, threshold, members, economics, rules, deadlines
  --trainers N        seats (5); more than half of them are enough to start
  --validators N      seats (3)
  --threshold N       trainers needed to decrypt (more than half)
  --min-gain N        smallest gain of an accepted model, in basis points (-1000)
  --phase SECONDS     longest duration of each phase, joining and appeal apart
  --join SECONDS      time to join (3600)
  --appeal SECONDS    until stake is free after the end (86400)
  --again             post although the same task of this planner is open already
  --rpc, --deployment, --account, --keystore, --password-file, --home, --store, --json   as for \`trainer\`

Examples
  npm run murmur -- planner create --preset quick --trainers 5 --phase 300
  npm run murmur -- planner create --description task.json --policy policy.json --model first.bin
  npm run murmur -- planner show --task 1 --json`;

export const verb: Verb = { summary: 'post a task, look at tasks, cancel one', help, run };

const policyFlags: Flag[] = [
  'policy',
  'trainers',
  'validators',
  'threshold',
  'min-gain',
  'phase',
  'join',
  'appeal',
];
const actions: Record<'create' | 'start' | 'list' | 'show' | 'cancel' | 'claim', readonly Flag[]> = {
  create: [
    ...accountFlags,
    ...policyFlags,
    'state',
    'description',
    'preset',
    'rounds',
    'model',
    'seed',
    'again',
  ],
  start: [...accountFlags, 'state', 'task'],
  list: chainFlags,
  show: [...chainFlags, 'task'],
  cancel: [...accountFlags, 'state', 'task'],
  claim: [...accountFlags, 'state'],
};

async function run(args: string[]): Promise<number> {
  const { action, settings } = readSettings('planner', args, actions);
  await { create, start, list, show, cancel, claim }[action](settings);
  return 0;
}

async function create(settings: Settings): Promise<void> {
  await startBackend('wasm');
  const description = await readDescription(settings);
  const network = new Network(description.model);
  const deployment = await openDeployment(settings);
  const store = await openStore(settings);
  const planner = await openMember(settings, deployment, 'planner');
  try {
    const firstModel = settings.model
      ? decodeModel(new Uint8Array(await readFile(settings.model)), network.size)
      : network.initial(settings.seed);
    const policy = await readPolicy(settings);
    const posting = await describeTask(store, { description, network, firstModel, policy });
    if (!settings.again) await refuseTwice(posting.parameters);
    const escrow = await escrowOf(planner.client, deployment, posting);
    await checkMoney(planner.client, deployment, planner.signer.address, escrow, 'the bounty');
    const task = await planner.actions.post(posting);
    print(
      settings.json,
      { task, planner: planner.signer.address, escrow, parameters: network.size },
      `task ${task} is posted: ${description.name}, ${network.size} parameters; ${tokens(escrow)} tokens are locked for it`,
    );
  } finally {
    await planner.close();
    await store.stop();
    network.dispose();
  }

  /** A planner that was killed after its posting and runs again must not pay twice. */
  async function refuseTwice(parameters: Record<string, unknown>): Promise<void> {
    const count = await countTasks(planner.client, deployment);
    for (let task = 1n; task <= count; task++) {
      const posted = await readTask(planner.client, deployment, task);
      const same = posted.planner === planner.signer.address && posted.status === 'open';
      if (
        same &&
        posted.parameters.metadata === parameters.metadata &&
        posted.parameters.model === parameters.model
      )
        throw new UserError(
          `task ${task} of this planner is the same and open; give --again to post another.`,
        );
    }
  }
}

async function start(settings: Settings): Promise<void> {
  await asPlanner(settings, async (planner, task) => {
    if (!(await planner.chain(task).advance()))
      throw new UserError(
        `task ${task} cannot start now: too few members, more than there are seats, or it is past joining; see \`planner show\`.`,
      );
    return `task ${task}: joining is closed, members make their key`;
  });
}

async function cancel(settings: Settings): Promise<void> {
  await asPlanner(settings, async (planner, task) => {
    // Killed between the two, it only has to claim.
    if ((await planner.chain(task).state()).status !== 'cancelled') await planner.actions.cancel(task);
    await planner.actions.claim();
    return `task ${task} is cancelled, its bounty paid back`;
  });
}

async function claim(settings: Settings): Promise<void> {
  const planner = await openMember(settings, await openDeployment(settings), 'planner');
  try {
    const claimed = await planner.actions.claim();
    print(settings.json, { claimed }, claimed > 0n ? `claimed ${tokens(claimed)}` : 'nothing to claim');
  } finally {
    await planner.close();
  }
}

async function asPlanner(
  settings: Settings,
  act: (planner: Awaited<ReturnType<typeof openMember>>, task: bigint) => Promise<string>,
): Promise<void> {
  const task = need(settings, 'task', 'planner');
  const deployment = await openDeployment(settings);
  const planner = await openMember(settings, deployment, 'planner');
  try {
    await readTask(planner.client, deployment, task);
    const text = await act(planner, task);
    const { status } = await readTask(planner.client, deployment, task);
    print(settings.json, { task, status }, text);
  } finally {
    await planner.close();
  }
}

async function list(settings: Settings): Promise<void> {
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const tasks: PostedTask[] = [];
  for (let task = 1n; task <= (await countTasks(client, deployment)); task++)
    tasks.push(await readTask(client, deployment, task));
  const rows = tasks.map(summary);
  const text = rows.map(
    (row) =>
      `${String(row.task).padStart(5)}  ${row.status.padEnd(10)} ${row.preset.padEnd(6)} ${String(row.rounds).padStart(5)} rounds  ${row.trainers.length} trainers, ${row.validators.length} validators  ${row.planner}`,
  );
  print(settings.json, rows, text.join('\n') || 'no task');
}

async function show(settings: Settings): Promise<void> {
  const number = need(settings, 'task', 'planner show');
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const posted = await readTask(client, deployment, number);
  const store = await openStore(settings);
  const description = await fetchDescription(store, posted)
    .catch((error: unknown) => {
      // The chain's part can be shown without it.
      if (error instanceof StoreError) return undefined;
      throw error;
    })
    .finally(() => store.stop());
  const { economics, rules, deadlines, parameters } = posted;
  const rounds = await roundsOf(settings, deployment, posted);
  const list = (record: Record<string, unknown>) =>
    Object.entries(record).map(
      ([name, value]) => `  ${name.padEnd(14)} ${typeof value === 'bigint' ? tokens(value) : value}`,
    );
  const text = [
    `task ${number}: ${description?.name ?? `description ${parameters.metadata} is not in ${settings.store}`}`,
    `  status         ${posted.status}, deadline ${moment(posted.deadline)}`,
    `  planner        ${posted.planner}`,
    `  model          ${parameters.modelSize} parameters, ${parameters.chunks} chunks of ${nameOf(parameters.preset)} a round, ${parameters.rounds} rounds`,
    `  seats          ${parameters.minTrainers} to ${parameters.maxTrainers} trainers, ${parameters.minValidators} to ${parameters.maxValidators} validators; ${parameters.threshold} decrypt`,
    ...posted.trainers.map((account) => `  trainer        ${account}`),
    ...posted.validators.map((account) => `  validator      ${account}`),
    ...(rounds.length > 0 ? ["rounds, with each trainer's cosine with the probe and its reward"] : []),
    ...rounds.flatMap(describeRound),
    'economics, in tokens',
    ...list(economics),
    'rules',
    ...list(rules),
    'deadlines, in seconds',
    ...list(deadlines),
  ];
  print(
    settings.json,
    { ...posted, preset: nameOf(parameters.preset), description, progress: rounds },
    text.join('\n'),
  );
}

/** How a task's rounds went, as the chain tells it. */
async function roundsOf(settings: Settings, deployment: Deployment, posted: PostedTask) {
  if (posted.status !== 'running' && posted.status !== 'ended') return [];
  const { chain } = await openOnlooker(settings, deployment, posted.planner, posted.task);
  await chain.refresh();
  return chain.journal.rounds.map(({ number, phase, outcome, tally, settled, penalties }) => ({
    round: number,
    phase,
    outcome,
    quality: tally?.quality,
    trainers: settled,
    penalties,
  }));
}

function describeRound(round: Awaited<ReturnType<typeof roundsOf>>[number]): string[] {
  const { phase, outcome, quality, trainers, penalties } = round;
  const accuracy = quality === undefined ? '' : `, accuracy ${percent(quality / 10_000)}`;
  return [
    `  round ${round.round}: ${outcome === 'pending' ? phase : outcome}${accuracy}`,
    ...trainers.map(
      ({ trainer, cosine, struck, reward }) =>
        `    ${trainer}  ${(Number(cosine) / 1e9).toFixed(3).padStart(6)}  ${tokens(reward)}${struck ? '  struck' : ''}`,
    ),
    ...penalties.map(({ account, fault, amount }) => `    ${account}  ${fault}: ${tokens(amount)} slashed`),
  ];
}

const nameOf = (id: string): string => presetNames.find((name) => presets[name].id === id) ?? id;

const summary = ({ task, status, planner, parameters, trainers, validators }: PostedTask) => ({
  task,
  status,
  planner,
  preset: nameOf(parameters.preset),
  rounds: parameters.rounds,
  trainers,
  validators,
});
