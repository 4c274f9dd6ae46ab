// The flags that several commands take.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { adversaryLines, adversaryNames } from './adversaries.ts';
import { cacheFolder } from './cache_folder.ts';
import { flag, many, needed, type Settings, toggle, withDefault, withShown } from './flag.ts';
import {
  address,
  amount,
  contentStore,
  data,
  listenAddress,
  oneOf,
  path,
  peerAddress,
  reachedAddress,
  someOf,
  taskNumber,
  text,
  urls,
  whole,
} from './rules.ts';
import { scenarioLines, scenarioNames } from './scenarios.ts';

const below = (name: string) => (home: string) => join(home, name);

/** Seed of the demonstration unless it is told: node/demo has the same, and a test compares them. */
const demoSeed = 2;

export const home = withDefault(
  flag('FOLDER', 'where everything is kept', path),
  join(homedir(), '.murmuration'),
  '~/.murmuration',
);
export const json = toggle('print the result as JSON');
export const rpc = withDefault(
  flag('URL', "the chain's node; of several with commas between, the next is asked where one is away", urls),
  'http://127.0.0.1:8545',
);
export const deployment = withDefault(
  flag('FILE', 'the deployment', path),
  below('deployment.json'),
  'HOME/deployment.json',
);
export const store = withShown(
  flag(
    'PLACE',
    'content: members, who give each other what they have; a folder that all share; or kubo:http://127.0.0.1:5001',
    contentStore,
  ),
  'members; on a development chain HOME/store',
);
export const peer = many(
  flag(
    'ADDRESS',
    "of --store members: a member that is up, with its peer's id; through it the others are met",
    peerAddress,
  ),
);
export const disk = withDefault(
  flag(
    'GIB',
    'of --store members: what contents of all tasks may take below HOME/content',
    whole(1, 1_000_000),
  ),
  20,
);
export const account = flag('ADDRESS', 'which account, if the keystore has several', address);
export const keystore = withDefault(flag('FOLDER', 'the accounts', path), below('keystore'), 'HOME/keystore');
export const passwordFile = flag(
  'FILE',
  'or $MURMURATION_PASSWORD_FILE, $MURMURATION_PASSWORD, or a prompt; its owner alone may read it',
  path,
);
export const state = withShown(
  flag('FOLDER', "this account's memory of the task, sealed; keep it", path),
  'below HOME/state',
);
export const task = needed(flag('N', 'the task', taskNumber));
export const keys = many(
  flag('MANIFEST', 'keys of a ceremony; without it, on a development chain, development keys', path),
);
/** Where rows lie, in the words of every command that reads some. */
export const table = 'csv:FILE, parquet:FILE or sql:FILE (a query)';
/** The same, where the demonstration's digits are rows too. */
export const tableOrDigits = `${table} in the task's schema, or for demonstrations mnist:PART/OF[:mirrored]`;
export const trainingData = needed(flag('DATA', `${tableOrDigits}; it never leaves this process`, data));

/** How a file is read that its program writes otherwise than the task's schema expects. */
export const readingFlags = {
  separator: withShown(
    flag('MARK', 'between fields: comma, semicolon, tab or bar', oneOf('comma', 'semicolon', 'tab', 'bar')),
    'found by the header',
  ),
  decimal: flag('MARK', 'the decimal mark: point or comma', oneOf('point', 'comma')),
  thousands: flag(
    'MARK',
    'what groups digits: comma, point, space or apostrophe',
    oneOf('comma', 'point', 'space', 'apostrophe'),
  ),
  encoding: withShown(
    flag('NAME', 'of the text, such as windows-1252', text(40)),
    'UTF-8, or UTF-16 with its mark',
  ),
  absent: many(flag('TEXT', 'a cell that means "missing", such as NA', text(100))),
  dropFaulty: toggle('leave out rows that cannot be used, rather than refusing the file'),
} as const;

/** How a site runs the program that a task's model is. */
export const programFlags = {
  exec: flag('COMMAND', "runs the task's program, where its model is one (docs/programs.md)", text(4096)),
  execLimit: withShown(
    flag('SECONDS', 'what the program may take for one order', whole(1, 1_000_000)),
    '3600',
  ),
  execWalls: withShown(
    flag(
      'KIND',
      'what keeps the program from machine and network: kernel (namespaces of Linux), or none',
      oneOf('kernel', 'none'),
    ),
    'kernel',
  ),
  execShows: many(
    flag('PATH', 'a file or folder that the program may read besides its own, such as weights', text(4096)),
  ),
} as const;

export const stake = withDefault(flag('TOKENS', 'pledged to the task', amount), 100n * 10n ** 18n, '100');
export const seed = withDefault(
  flag('N', 'decides how digits are dealt, the same for everybody', whole(0, Number.MAX_SAFE_INTEGER)),
  demoSeed,
);
export const confirmations = withShown(
  flag('N', 'blocks that must lie above a block before it counts', whole(0, 10_000)),
  '5; 0 on a development chain',
);
export const window = withDefault(
  flag(
    'N',
    "blocks whose logs are asked for at once; a node's own limit is found without it",
    whole(1, 100_000),
  ),
  2000,
);
export const interval = withDefault(
  flag('MS', 'milliseconds between two looks at the chain', whole(50, 60_000)),
  500,
);
export const listen = many(
  withShown(
    flag('ADDRESS', 'where the other trainers reach this one; none: no inbound port', listenAddress),
    '/ip4/127.0.0.1/tcp/0',
  ),
);
export const announce = many(
  withShown(
    flag('ADDRESS', "what others are told in its place: a router's name and port", reachedAddress),
    'what is listened on',
  ),
);
export const relay = many(
  flag('ADDRESS', 'a relay through which others reach this trainer too', peerAddress),
);

export const members = flag('FILE', 'who may join, by names: a file of `murmur planner members`', path);

/** Of commands that serve, make or measure several presets. */
export const presets = withDefault(
  flag('NAMES', 'tiny, quick, base, wide; several with commas', someOf('tiny', 'quick', 'base', 'wide')),
  ['quick'],
);

/** Of commands that lock money or stake. */
export const acceptRisks = toggle("go on although the review of the task's terms finds a danger");
export const cache = withDefault(
  flag('FOLDER', 'circuits, contracts and development keys, made once; or $MURMURATION_CACHE', path),
  () => cacheFolder(),
  'build in a checkout, else ~/.cache/murmuration',
);

/** Flags of commands that look at the chain: where the federation is, the same for all of them. */
export const chainFlags = { rpc, deployment, store, peer, disk, home, json } as const;
/** Flags of commands that look for somebody. */
export const lookingFlags = { account, keystore, ...chainFlags } as const;
/** Flags of commands that sign. */
export const accountFlags = { account, keystore, passwordFile, ...chainFlags } as const;
/** Flags that help shows after an action's own. */
export const sharedFlags = accountFlags;

/** Of a chain, an account and a place on this machine. */
export type ChainSettings = Settings<typeof chainFlags>;
export type AccountSettings = Settings<typeof accountFlags>;

/** Flags of the local federation that `start` and `up` run. */
export const demonstration = {
  scenario: withDefault(
    flag('NAME', 'what is learnt, and by whom (below)', oneOf(...scenarioNames)),
    'digits',
  ),
  rounds: withShown(flag('N', 'rounds', whole(1, 1000)), '8 for digits'),
  trainers: withShown(flag('N', 'trainers, 3 to 16', whole(3, 16)), '5 for digits'),
  validators: withShown(flag('N', 'validators, 2 to 14', whole(2, 14)), '6 for digits'),
  preset: withShown(flag('NAME', 'base, quick or tiny', oneOf('base', 'quick', 'tiny')), 'base for digits'),
  seed: withShown(
    flag('N', 'decides data, first model, batches and rounding', whole(0, Number.MAX_SAFE_INTEGER)),
    `${demoSeed} for digits`,
  ),
  adversary: withDefault(
    flag('KINDS', 'who cheats: kinds with commas between (below)', someOf(...adversaryNames)),
    (): (typeof adversaryNames)[number][] => [],
    'nobody',
  ),
} as const;

/** Of commands that play rounds of a federation: each has a default of its own. */
export const selector = flag(
  'NAME',
  'who proposes the coordinates of a round: probe (the validators) or leader (the trainer whose turn it is)',
  oneOf('probe', 'leader'),
);

/** What help of a command with these flags shows below them. */
export const demonstrationLists = {
  Scenarios: scenarioLines,
  'Kinds of adversaries': adversaryLines,
} as const;
