// The most memory that each role ever had while one round was played, each a process of its own, through the command line
// alone. Linux: the kernel keeps the peak of a process (VmHWM).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAnvil, deploymentSchema } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { createCommands } from '../../test/e2e/processes.ts';
import type { SizeTable } from './table.ts';

const password = 'only for this run';
const program = fileURLToPath(new URL('../../node/murmur.js', import.meta.url));
/** Milliseconds between two looks. */
const look = 500;

/** Who takes part, with the rows of each: 3 trainers, 2 validators and a prover, which is the smallest federation. */
const members = [
  { name: 'trainer, 1', role: 'trainer', data: 'mnist:1/3' },
  { name: 'trainer, 2', role: 'trainer', data: 'mnist:2/3' },
  { name: 'trainer, 3', role: 'trainer', data: 'mnist:3/3' },
  { name: 'validator, 1', role: 'validator', data: 'mnist:1/2' },
  { name: 'validator, 2', role: 'validator', data: 'mnist:2/2' },
  { name: 'prover', role: 'prover', data: undefined },
] as const;

/** The peak of each role, and of the planner while it posts. */
export async function peakMemory(preset: PresetName): Promise<SizeTable> {
  const home = mkdtempSync(join(tmpdir(), 'murmuration-memory-'));
  const anvil = createAnvil();
  const commands = createCommands({ MURMURATION_PASSWORD: password });
  const roles: Watched[] = [];
  try {
    await anvil.start();
    const place = ['--home', home, '--rpc', anvil.url];
    await commands.json('deploy', ...place, '--presets', preset);
    const deployment = deploymentSchema.parse(
      JSON.parse(readFileSync(join(home, 'deployment.json'), 'utf8')),
    );
    // A light key: scrypt's full cost would be the peak of small roles.
    const keystore = openKeystore(join(home, 'keystore'), 10);
    const accounts = new Map<string, string>();
    for (const name of [...members.map((each) => each.name), 'planner']) {
      const account = await keystore.createAccount(password);
      await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: 10n ** 24n });
      accounts.set(name, account);
    }
    const as = (name: string) => [...place, '--account', accounts.get(name)!];
    const shape = ['--preset', preset, '--rounds', '1', '--trainers', '3', '--validators', '2'];
    // Phases end when they are complete; no slow machine is to miss one.
    const times = ['--phase', '3600', '--appeal', '1'];
    const planner = watched(['planner', 'create', ...as('planner'), ...shape, ...times]);
    roles.push(planner);
    await planner.done;
    for (const { name, role } of members)
      if (role !== 'prover') await commands.json(role, 'join', ...as(name), '--task', '1');
    const running = members.map(({ name, role, data }) => {
      const own = data === undefined ? ['--stake', '5'] : ['--data', data];
      return { name, watch: watched([role, 'run', ...as(name), '--task', '1', ...own]) };
    });
    roles.push(...running.map(({ watch }) => watch));
    await commands.json('planner', 'start', ...as('planner'), '--task', '1');
    await Promise.all(running.map(({ watch }) => watch.done));
    return {
      title: `Memory: the peak of each process, a round of \`${preset}\` with 3 trainers and 2 validators`,
      columns: ['peak'],
      rows: [
        ...running.map(({ name, watch }) => ({ name, bytes: [watch.peak()] })),
        { name: 'planner, `create`', bytes: [planner.peak()] },
      ],
    };
  } finally {
    for (const { child } of roles) child.kill('SIGKILL');
    await commands.stop();
    await anvil.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Watched {
  readonly child: ChildProcess;
  /** Bytes. */
  peak(): number;
  /** Rejects with what it said where it fails. */
  readonly done: Promise<void>;
}

/** Starts a command and looks at its peak until it ends. */
function watched(args: readonly string[]): Watched {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, MURMURATION_PASSWORD: password },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (text: Buffer) => {
    said = `${said}${text.toString()}`.slice(-4000);
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid!));
  }, look);
  const done = once(child, 'close').then(([code]) => {
    clearInterval(timer);
    if (code !== 0) throw new Error(`murmur ${args.join(' ')} ended with ${code}: ${said}`);
  });
  // Who waits for it is told; the first fault is enough.
  done.catch(() => undefined);
  return { child, done, peak: () => peak };
}

/** The kernel's own peak of a process, in bytes; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
