// A prover service of one process that ends. At SIGTERM what is being proven is finished, what waits is kept, and the process
// ends by itself; at SIGKILL nothing is lost either.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createBackend, createProver, ensureDevelopmentKeys } from '@murmuration/prover';
import { afterAll, expect, it } from 'vitest';
import { cacheFolder } from '../cache_folder.ts';
import { over, request, sumJob } from '../node/service/support.ts';
import { root } from '../suites/suite.ts';
import { program } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-drain-'));
const children: ReturnType<typeof start>[] = [];
afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

function start() {
  const args = ['prover', 'serve', '--home', home, '--presets', 'tiny', '--port', '0', '--json'];
  const child = spawn(process.execPath, [join(root, program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Record<string, unknown>[] = [];
  const url = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const entry = JSON.parse(line) as Record<string, unknown>;
    lines.push(entry);
    const [, at] = /serves at (http[^;]+);/.exec(`${entry.text}`) ?? [];
    if (at) url.resolve(at);
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, lines, url: url.promise, ended };
}

/** The jobs that a service has told to be proven. */
const provenBy = ({ lines }: Pick<ReturnType<typeof start>, 'lines'>): unknown[] =>
  lines.filter(({ type, how }) => type === 'try' && how === 'proven').map(({ id }) => id);

it('a service drains on SIGTERM: no job is lost or proven twice, and it ends with 0', async () => {
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  const prover = createProver(keys, createBackend({ name: 'wasm' }));
  const first = start();
  children.push(first);
  const server = { url: await first.url };
  const token = readFileSync(join(home, 'service', 'token'), 'utf8').trim();
  const ids: string[] = [];
  for (let i = 0; i < 12; i++)
    ids.push((await request(server, token, 'POST', '/jobs', await sumJob(prover))).body.id);
  // The first proof is done, so others are under way.
  await request(server, token, 'GET', `/jobs/${ids[0]}?wait=30`);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const provenBefore = provenBy(first);
  expect(first.lines.some(({ text }) => /stops/.test(`${text}`))).toBe(true);

  const second = start();
  children.push(second);
  const again = { url: await second.url };
  for (const id of ids) {
    let state = 'waiting';
    while (['waiting', 'proving'].includes(state))
      ({ state } = (await request(again, token, 'GET', `/jobs/${id}?wait=30`)).body);
    const { body } = await request(again, token, 'GET', `/jobs/${id}`);
    // A drained job has cost no try: nobody had to take it over.
    expect([body.state, body.attempts]).toEqual(['done', 1]);
  }
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const provenAfter = provenBy(second);
  expect([...provenBefore, ...provenAfter].toSorted()).toEqual(ids.toSorted());
});

it('a service that is killed with jobs in flight loses none: started again, it proves each of 60', async () => {
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  const prover = createProver(keys, createBackend({ name: 'wasm' }));
  const first = start();
  children.push(first);
  const server = { url: await first.url };
  const token = readFileSync(join(home, 'service', 'token'), 'utf8').trim();
  const ids: string[] = [];
  for (let i = 0; i < 60; i++) {
    const { status, body } = await request(server, token, 'POST', '/jobs', await sumJob(prover));
    expect(status).toBe(201);
    ids.push(body.id);
  }
  first.child.kill('SIGKILL');
  await first.ended;
  const before = provenBy(first);
  expect(before.length).toBeLessThan(60);

  const second = start();
  children.push(second);
  const again = { url: await second.url };
  for (const id of ids) expect((await over(again, token, id)).state).toBe('done');
  const after = provenBy(second);
  // What was told to be proven stays so; one that was on its way to the log may be told by neither.
  expect(after.filter((id) => before.includes(id))).toEqual([]);
  expect(new Set(after).size).toBe(after.length);
  expect(before.length + after.length).toBeGreaterThanOrEqual(59);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});
