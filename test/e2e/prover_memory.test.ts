// What a prover service leaves of a secret: planted ones are searched for in the memory of all its processes, and in the
// core file that the kernel writes of one, after jobs that were proven, failed and were cancelled.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChunkVector } from '@murmuration/core';
import { createBackend, createProver, ensureDevelopmentKeys, type Prover } from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealer } from '../../node/service/client/sealer.ts';
import { encodeContent, type JobContent, writeContent } from '../../node/service/job/content.ts';
import { cacheFolder } from '../cache_folder.ts';
import { foundIn, foundInFile, marksOf, memoryCanBeRead } from '../memory.ts';
import { postgresPrograms, startPostgres } from '../node/service/postgres.ts';
import { over, request, someVector, updateContent } from '../node/service/support.ts';
import { root } from '../suites/suite.ts';
import { program } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-memory-'));
const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(home, { recursive: true, force: true });
});

let prover: Prover;
beforeAll(async () => {
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  const backend = createBackend({ name: 'wasm', threads: 1 });
  await backend.start();
  stops.push(() => backend.stop());
  prover = createProver(keys, backend);
});

/** Starts `murmur`, which may leave core files in the home folder; resolves once it prints what matches. */
async function murmur(env: Record<string, string>, pattern: RegExp, ...args: string[]) {
  const words = [process.execPath, join(root, program), ...args, '--home', home, '--presets', 'tiny'];
  const child = spawn('sh', ['-c', 'ulimit -c unlimited && exec "$0" "$@"', ...words], {
    cwd: home,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stops.push(() => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const match = pattern.exec(line);
    if (!match) continue;
    child.stdout.resume();
    return { child, pid: child.pid!, match };
  }
  throw new Error(`murmur ${args.join(' ')} ended`);
}

/** A server's address and its first token. */
async function serve(env: Record<string, string>, ...flags: string[]) {
  const server = await murmur(env, /serves at (http:\S+);/, 'prover', 'serve', '--port', '0', ...flags);
  const token = readFileSync(join(home, 'service/token'), 'utf8').trim();
  return { ...server, url: server.match[1]!, token };
}

type Server = Awaited<ReturnType<typeof serve>>;

/** Submits an update as roles do: sealed. */
async function submit(server: Server, content: JobContent): Promise<string> {
  const served = {
    circuit: 'update',
    preset: 'tiny',
    keys: prover.keys.circuit('update').provingKey.sha256,
  } as const;
  const sealed = await createSealer(server)(served, encodeContent(content));
  const { status, body } = await request(server, server.token, 'POST', '/jobs', { ...served, sealed });
  expect(status).toBe(201);
  return body.id;
}

/** Jobs of one vector, or nearly: some proven, one that fails, some cancelled as they wait or are proven. */
async function runJobs(server: Server, vector: ChunkVector): Promise<void> {
  const contents: JobContent[] = [];
  for (let i = 0; i < 16; i++) {
    const coordinates = vector.coordinates.with(95, i - 8);
    contents.push(await updateContent(prover, { ...vector, coordinates }));
  }
  const [bad, ...good] = contents as [JobContent, ...JobContent[]];
  const ids: string[] = [];
  for (const content of good) ids.push(await submit(server, content));
  for (const id of ids.slice(3)) await request(server, server.token, 'DELETE', `/jobs/${id}`);
  const failing = await submit(server, { ...bad, signals: { ...bad.signals, y: 5n } });
  const states = [];
  for (const id of [...ids, failing]) states.push((await over(server, server.token, id)).state);
  expect(states.slice(0, 3)).toEqual(['done', 'done', 'done']);
  expect(states.at(-1)).toBe('failed');
  expect(states).toContain('cancelled');
}

describe.skipIf(!memoryCanBeRead)('after its jobs a secret (needs /proc/PID/mem)', () => {
  it('is in no memory of a service; one that came unsealed is, but in no core file', async () => {
    const server = await serve({});
    const vector = someVector();
    const marks = marksOf(vector);
    await runJobs(server, vector);
    expect(foundIn(server.pid, marks)).toEqual([]);

    // What would be found, were it there: a job that is refused since it was not sealed.
    const other = someVector();
    const digits = 'blinding in decimal digits';
    const seen = { [digits]: marksOf(other)[digits]! };
    const plain = { circuit: 'update', preset: 'tiny', ...writeContent(await updateContent(prover, other)) };
    const refused = await request(server, server.token, 'POST', '/jobs', plain);
    expect([refused.status, refused.body.error.code]).toEqual([400, 'malformed']);
    expect(foundIn(server.pid, seen)).toEqual([digits]);

    const core = await coreOf(server.child);
    // Where a program of the system takes cores, none comes here.
    if (core === undefined) return;
    expect(statSync(core).size).toBeGreaterThan(0);
    expect(foundInFile(core, { ...seen, program: Buffer.from('murmuration-memory-') })).toEqual([]);
  });

  it.skipIf(postgresPrograms === undefined)(
    'is in no memory of server, agent or PostgreSQL (Debian: postgresql)',
    async () => {
      const postgres = await startPostgres();
      stops.push(() => postgres.stop());
      const env = { DATABASE_URL: await postgres.database('memory') };
      const server = await serve(env, '--api-only');
      const agent = await murmur(env, /agent \S+ proves/, 'prover', 'agent');
      const vector = someVector();
      await runJobs(server, vector);
      const marks = marksOf(vector);
      const pids = [server.pid, agent.pid, ...postgresProcesses(postgres.folder)];
      expect(pids.length).toBeGreaterThan(5);
      for (const pid of pids) expect(foundIn(pid, marks), `process ${pid}`).toEqual([]);
    },
  );
});

/** Processes of a cluster: the first, and its children. */
function postgresProcesses(folder: string): number[] {
  const first = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const children = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  return [first, ...children];
}

/** Has the kernel write a core of a process. */
async function coreOf(child: ChildProcess): Promise<string | undefined> {
  const ended = once(child, 'exit');
  child.kill('SIGABRT');
  await ended;
  const name = readdirSync(home).find((file) => file.startsWith('core'));
  return name && join(home, name);
}
