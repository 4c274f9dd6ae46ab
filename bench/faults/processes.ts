// A federation of processes, through the command line alone: one of each role is killed in each phase with SIGKILL, at
// a moment that the seed decides, and started again; the clocks of two others are off by minutes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnvil, deploymentSchema } from '@murmuration/contracts';
import { defaultFollowSettings, defaultSenderSettings } from '../../node/chain/index.ts';
import { openKeystore } from '../../node/keystore/index.ts';
import { seeded } from '../../node/learn/index.ts';
import { fund } from '../../node/local/index.ts';
import { wholeTokens } from '../../node/protocol/index.ts';
import { readTogether } from '../../node/roles/index.ts';
import { type Command, createCommands } from '../../test/e2e/processes.ts';
import { atEachPhase } from './phases.ts';
import type { ProcessRun } from './plan.ts';

const password = 'only for this run';
const names = ['t1', 't2', 't3', 'v1', 'v2', 'prover'] as const;
type Name = (typeof names)[number];
const victims = ['t1', 'v1', 'prover'] as const satisfies readonly Name[];

/** Seconds by which clocks are off: of a trainer ahead, of a validator behind. */
const clocks: Partial<Record<Name, number>> = { t2: 600, v2: -600 };

/** Milliseconds after a phase's begin within which the processes are killed. */
const within = 1500;

/** What became of it; amounts in whole tokens. */
export interface Killed {
  readonly rounds: readonly string[];
  /** By role and phase, how often a process was killed there. */
  readonly kills: Readonly<Record<string, number>>;
  /** By member, its exit code, what it lost and what it earned. */
  readonly members: Readonly<
    Record<string, { readonly code: number | null; readonly lost: number; readonly earned: number }>
  >;
  readonly seconds: number;
}

/** Runs it to the end of its task. */
export async function playProcesses({ seed, rounds }: ProcessRun): Promise<Killed> {
  const began = performance.now();
  const home = mkdtempSync(join(tmpdir(), 'murmuration-killed-'));
  const anvil = createAnvil();
  const commands = createCommands({ MURMURATION_PASSWORD: password });
  const { json, script } = commands;
  try {
    await anvil.start();
    const place = ['--home', home, '--rpc', anvil.url];
    await json('deploy', ...place, '--presets', 'tiny');
    const deployment = deploymentSchema.parse(
      JSON.parse(readFileSync(join(home, 'deployment.json'), 'utf8')),
    );
    // Cheap to unlock, since every start does.
    const keystore = openKeystore(join(home, 'keystore'), 10);
    const accounts = new Map<string, string>();
    for (const name of [...names, 'planner']) {
      const account = await keystore.createAccount(password);
      await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: 10n ** 24n });
      accounts.set(name, account);
    }
    const as = (name: string) => [...place, '--account', accounts.get(name)!];
    const shape = ['--preset', 'tiny', '--rounds', `${rounds}`, '--trainers', '3', '--validators', '2'];
    const { task } = await json<{ task: string }>(
      'planner',
      'create',
      ...as('planner'),
      ...shape,
      '--appeal',
      '1',
    );
    for (const name of names)
      if (name !== 'prover') await json(roleOf(name), 'join', ...as(name), '--task', task);
    await json('planner', 'start', ...as('planner'), '--task', task);

    const start = (name: Name): Command => {
      const own = name === 'prover' ? ['--stake', '5'] : ['--data', dataOf(name)];
      const args = [roleOf(name), 'run', ...as(name), '--task', task, ...own];
      const off = clocks[name];
      return off === undefined
        ? script('node/murmur.js', ...args)
        : script('bench/faults/off_clock.js', `${off}`, ...args);
    };
    const running = new Map(names.map((name) => [name, start(name)]));
    const random = seeded(seed, 'kills');
    const kills: Record<string, number> = {};
    async function kill(name: Name, phase: string): Promise<void> {
      await sleep(random.uniform() * within);
      // Nobody kills what has ended: the task may be over by then.
      const ended = await Promise.race([
        running.get(name)!.ended.then(() => true),
        sleep(0).then(() => false),
      ]);
      if (ended) return;
      await running.get(name)!.kill();
      kills[`${roleOf(name)}/${phase}`] = (kills[`${roleOf(name)}/${phase}`] ?? 0) + 1;
      running.set(name, start(name));
    }

    await running.get('t1')!.prints(/deals shares of its secret/);
    await Promise.all(victims.map((name) => kill(name, 'keying')));
    const watched = { task: BigInt(task), place: { deployment } };
    await atEachPhase(watched, anvil.url, async ({ phase }) => {
      await Promise.all(victims.map((name) => kill(name, phase)));
    });
    const codes = new Map<Name, number | null>();
    for (const [name, command] of running) codes.set(name, await command.ended);

    const sender = { ...defaultSenderSettings, pollingInterval: 50 };
    const source = readTogether({
      url: anvil.url,
      deployment,
      follow: defaultFollowSettings,
      sender,
    }).journal(BigInt(task));
    await source.refresh();
    const { rounds: played, slashed, credits } = source.journal;
    const of = (amounts: ReadonlyMap<string, bigint>, name: Name) =>
      wholeTokens(
        [...amounts].find(([account]) => account.toLowerCase() === accounts.get(name)!.toLowerCase())?.[1] ??
          0n,
      );
    return {
      rounds: played.map(({ outcome }) => outcome),
      kills,
      members: Object.fromEntries(
        names.map((name) => [
          name,
          { code: codes.get(name)!, lost: of(slashed, name), earned: of(credits, name) },
        ]),
      ),
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await commands.stop();
    await anvil.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

const roleOf = (name: Name): 'trainer' | 'validator' | 'prover' =>
  name === 'prover' ? 'prover' : name.startsWith('t') ? 'trainer' : 'validator';

const dataOf = (name: Name): string =>
  name.startsWith('t') ? `mnist:${name.slice(1)}/3` : `mnist:${name.slice(1)}/2`;
