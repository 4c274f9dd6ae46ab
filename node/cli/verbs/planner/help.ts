// `murmur planner members|create|start|serve|list|show|report|status|cancel|claim`.
import { flag, needed, output, saying, toggle, withDefault } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { policyFlags, rounds } from '../../command/plan_flags.ts';
import { oneOf, path } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';
import { statusFlags } from '../../member/flags.ts';

const { accountFlags, cache, chainFlags, home, json, keys, members, seed, state, task } = flags;

const namesForAccounts = saying(members, 'names for accounts: a file of `murmur planner members`');

/** Flags of `create`. */
export const createFlags = {
  description: flag(
    'FILE',
    'JSON of a task: model, data, training; without it the demonstration on handwritten digits',
    path,
  ),
  preset: withDefault(
    flag('NAME', 'of the demonstration: base, quick or tiny', oneOf('base', 'quick', 'tiny')),
    'quick',
  ),
  rounds,
  model: flag('FILE', 'first model, float32 little-endian; without it, from --seed', path),
  seed: saying(seed, 'decides the first model'),
  ...flags.programFlags,
  ...policyFlags,
  again: toggle('post although the same task of this planner is open already'),
  acceptRisks: flags.acceptRisks,
  state,
  keys,
  cache,
  ...accountFlags,
} as const;

export const planner: Group = {
  summary: 'post a task, look at tasks, cancel one',
  details: `The trained model: \`murmur model save\`. How a description and a policy are written, with an
    example: node/cli/README.md.`,
  actions: {
    members: action({
      summary: 'write who may join a task: an allow-list from names, accounts and rows',
      details: `--list is JSON: {"members": [{"label": "Cleveland", "account": "0x...", "role": "trainer", "rows": 303},
        ...]}, role trainer or validator, rows of all trainers or of none. A trainer's updates weigh by its rows: the most
        rows weigh 4, the others in proportion and 1 at least; larger weights beside small ones would show single updates.
        Rows are in no file but the list. What is written is for everybody: \`create\`, \`join\` and \`show\` take it as
        --members.`,
      flags: {
        list: needed(flag('FILE', 'the list, as JSON', path)),
        out: output(needed(flag('FILE', 'where the file for everybody goes', path))),
        home,
        json,
      },
      examples: ['murmur planner members --list list.json --out members.json'],
      run: async (settings) => (await import('./members.ts')).members(settings),
    }),
    create: action({
      summary: 'put description and first model into the store, lock the bounty, post the task',
      flags: createFlags,
      examples: [
        'murmur planner create --preset quick --trainers 5 --phase 300',
        'murmur planner create --description task.json --policy policy.json',
      ],
      run: async (settings) => (await import('./create.ts')).create(settings),
    }),
    start: action({
      summary: 'close joining now, when there are enough members and no more than seats',
      details: 'Without it joining ends at its deadline.',
      flags: { task, state, ...accountFlags },
      examples: ['murmur planner start --task 1'],
      run: async (settings) => (await import('./manage.ts')).start(settings),
    }),
    serve: action({
      summary: 'give members what the task begins with: description and first model',
      details: `Of --store members, where nothing is shared: members name the address that it prints with --peer, and
        hear of each other through it. It runs until it is interrupted; members that run have the rest.`,
      flags: {
        task,
        listen: flags.listen,
        announce: flags.announce,
        relay: flags.relay,
        state,
        ...accountFlags,
      },
      examples: ['murmur planner serve --task 1 --listen /ip4/0.0.0.0/tcp/4001'],
      run: async (settings) => (await import('./serve.ts')).serve(settings),
    }),
    list: action({
      summary: 'every task of the deployment',
      flags: chainFlags,
      examples: ['murmur planner list'],
      run: async (settings) => (await import('./list.ts')).list(settings),
    }),
    show: action({
      summary: 'a task: parameters, policy, members, its rounds so far',
      flags: {
        task,
        members: namesForAccounts,
        ...chainFlags,
      },
      examples: ['murmur planner show --task 1 --json'],
      run: async (settings) => (await import('./show.ts')).show(settings),
    }),
    report: action({
      summary: 'what came of a task: a page for people, and JSON',
      details: `Rounds, accuracy by the validators' votes, strikes, stake and rewards, with a paragraph that says what
        happened. Read from the chain, whose word it takes: \`murmur audit\` computes everything again.`,
      flags: {
        task,
        members: namesForAccounts,
        out: needed(flag('FOLDER', 'where report.html and report.json go', path)),
        ...chainFlags,
      },
      examples: ['murmur planner report --task 1 --out report-1'],
      run: async (settings) => (await import('./report.ts')).report(settings),
    }),
    status: action({
      summary: 'what its account put into tasks, and what came back',
      flags: statusFlags,
      examples: ['murmur planner status --task 1 --explain'],
      run: async (settings) => (await import('../../member/status.ts')).status(settings),
    }),
    cancel: action({
      summary: 'give a task up while members join; the bounty comes back',
      flags: { task, state, ...accountFlags },
      examples: ['murmur planner cancel --task 1'],
      run: async (settings) => (await import('./manage.ts')).cancel(settings),
    }),
    claim: action({
      summary: 'pay out what came back of bounties',
      flags: { state, ...accountFlags },
      examples: ['murmur planner claim'],
      run: async (settings) => (await import('./manage.ts')).claim(settings),
    }),
  },
  examples: [
    'murmur planner create --description task.json --policy policy.json',
    'murmur planner show --task 1',
  ],
};
