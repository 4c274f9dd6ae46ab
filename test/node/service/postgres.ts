// A PostgreSQL of the test's own: Debian's package, a cluster in a temporary folder, a free port of this machine.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Folder of PostgreSQL's programs, the newest version's; undefined where there is none. */
export const postgresPrograms: string | undefined = globSync('/usr/lib/postgresql/*/bin/initdb')
  .toSorted()
  .at(-1)
  ?.replace(/\/initdb$/, '');

/** PostgreSQL does not run as root: then its own user runs it, or nobody. */
function runner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')!;
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A running cluster. */
export interface Postgres {
  /** URL of a database of this name; it is made when it is first asked for. */
  database(name: string): Promise<string>;
  /** Where its files are: everything that it ever wrote. */
  readonly folder: string;
  /** As when the machine is switched off: no buffer is written, no connection ends in order. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const programs = postgresPrograms!;
  const as = runner();
  const home = await mkdtemp(join(tmpdir(), 'murmuration-postgres-'));
  const folder = join(home, 'data');
  await mkdir(folder, { mode: 0o700 });
  if (as.uid !== undefined) for (const path of [home, folder]) await chown(path, as.uid, as.gid!);
  const port = await freePort();
  const options = { ...as, cwd: home };
  await run(join(programs, 'initdb'), ['-D', folder, '-U', 'tester', '--auth=trust', '--no-sync'], options);
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${home}`];
  let server: ReturnType<typeof spawn> | undefined;

  const ready = async () => {
    for (let tries = 0; ; tries++) {
      const answer = await run(join(programs, 'pg_isready'), [
        '-q',
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
      ]).then(
        () => true,
        () => false,
      );
      if (answer) return;
      if (tries > 300)
        throw new Error(`PostgreSQL does not start: ${await readFile(join(home, 'log'), 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  // Where the process ends before it has stopped its cluster.
  const leave = () => {
    server?.kill('SIGQUIT');
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', leave);
  const end = async (signal: NodeJS.Signals) => {
    if (!server || server.exitCode !== null) return;
    const closed = once(server, 'close');
    server.kill(signal);
    await closed;
    server = undefined;
  };
  const start = async () => {
    const flags = settings.flatMap((setting) => ['-c', setting]);
    server = spawn(join(programs, 'postgres'), ['-D', folder, ...flags], { ...options, stdio: 'ignore' });
    await ready();
  };
  await start();
  return {
    folder,
    async database(name) {
      const psql = ['-h', '127.0.0.1', '-p', String(port), '-U', 'tester', '-d', 'postgres', '-c'];
      await run(join(programs, 'psql'), [...psql, `CREATE DATABASE ${name}`], options).catch((error) => {
        if (!String(error).includes('already exists')) throw error;
      });
      return `postgres://tester@127.0.0.1:${port}/${name}`;
    },
    // Immediate shutdown: the server's processes end at once, and it recovers from its log at the next start.
    crash: () => end('SIGQUIT'),
    start,
    async stop() {
      await end('SIGQUIT');
      process.off('exit', leave);
      await rm(home, { recursive: true, force: true });
    },
  };
}
