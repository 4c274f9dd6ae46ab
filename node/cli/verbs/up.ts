// `npm run murmur -- up`: chain, deployment and all roles on this machine, in a folder that keeps everything.
import { resolve } from 'node:path';
import { adversaries, openPersistentFederation } from '../../local/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { describeError, UserError } from '../errors.ts';
import { print, tokens } from '../output.ts';
import { type Flag, readFlags } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- up [flags]

Starts a chain, deploys, posts the demonstration's task and runs a planner, trainers, validators and a prover, until the
task is over or Ctrl-C. Everything is kept in a folder: started again it goes on where it was, also after a kill.
While it runs, the other commands can look at it with --home FOLDER (and --rpc, if the port is not 8545).
Phases go by the clock also while it is stopped: give --phase more seconds than a pause may take.

  --home FOLDER      where everything is kept (build/up)
  --port N           port of the chain (8545); 0 takes a free one
  --rounds N         rounds (8)
  --trainers N       trainers, 3 to 16; the last one is left-handed: its digits are mirrored (5)
  --validators N     validators, 1 to 8 (3)
  --preset NAME      quick or tiny (quick)
  --seed N           decides data, first model, batches and rounding (2)
  --adversary KIND   what the last trainer but one does: ${adversaries.join(', ')} (none)
  --min-gain N       smallest gain of an accepted model, in basis points (-1000)
  --phase SECONDS    longest duration of each phase (600)
  --json             print what happens as JSON lines

Examples
  npm run murmur -- up
  npm run murmur -- up --home /tmp/federation --preset tiny --rounds 2
  npm run murmur -- planner show --task 1 --home build/up`;

export const verb: Verb = { summary: 'a whole federation on this machine, kept in a folder', help, run };

const flags: readonly Flag[] = [
  'home',
  'port',
  'rounds',
  'trainers',
  'validators',
  'preset',
  'seed',
  'adversary',
  'min-gain',
  'phase',
  'json',
];

async function run(args: string[]): Promise<number> {
  const settings = readFlags('up', args, flags, resolve('build/up'));
  const { json, trainers, validators, rounds, preset, phase, adversary } = settings;
  if (trainers !== undefined && (trainers < 3 || trainers > 16))
    throw new UserError('--trainers: `up` runs 3 to 16 of them.');
  if (validators !== undefined && validators > 8)
    throw new UserError('--validators: `up` runs 1 to 8 of them.');
  if (rounds !== undefined && rounds > 1000) throw new UserError('--rounds: `up` runs 1 to 1000 of them.');
  const say = (text: string) =>
    print(json, { type: 'note', text }, `${new Date().toISOString().slice(11, 19)}  ${text}`);
  const ending = Promise.withResolvers<void>();
  const interrupt = () => ending.resolve();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const federation = await openPersistentFederation(
    {
      port: settings.port ?? 8545,
      seed: settings.seed,
      ...(rounds && { rounds }),
      ...(trainers && { trainers }),
      ...(validators && { validators }),
      ...(preset && { preset }),
      ...(phase && { phase }),
      ...(adversary && { adversary }),
      ...(settings['min-gain'] !== undefined && { minGain: settings['min-gain'] }),
    },
    settings.home,
    {
      cacheFolder: cacheFolder(),
      say,
      observe(event) {
        if (event.type === 'step') say(`${event.role} ${event.text}`);
        else if (event.type === 'fault') say(`${event.role}: ${describeError(event.error)}`);
      },
    },
  );
  try {
    say(`${federation.url}, deployment in ${settings.home}`);
    await federation.start();
    await Promise.race([federation.over, ending.promise]);
    const { chain } = federation;
    await chain.refresh();
    const { status } = await chain.state();
    const rows = chain.journal.rounds.map(({ number, outcome, tally }) => ({
      round: number,
      outcome,
      ...tally,
    }));
    const earned = [...chain.journal.credits].map(([account, amount]) => ({ account, amount }));
    const text = [
      `task ${federation.task} is ${status}`,
      ...rows.map(
        (row) =>
          `  round ${row.round}: ${row.outcome}${row.quality === undefined ? '' : `, quality ${(row.quality / 100).toFixed(1)} %`}`,
      ),
      ...earned.map(({ account, amount }) => `  ${account} earned ${tokens(amount)}`),
    ];
    print(json, { type: 'end', task: federation.task, status, rounds: rows, earned }, text.join('\n'));
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await federation.stop();
  }
  return 0;
}
