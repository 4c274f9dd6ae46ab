// A farm as an operator runs it: a server and agents as processes on one PostgreSQL, of which one is killed in the
// middle of a proof, one hangs, and one has other keys; the server is killed, too. Then a whole round of a federation
// whose every proof is made by a service.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackend, createProver, ensureDevelopmentKeys } from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../cache_folder.ts';
import { type Postgres, postgresPrograms, startPostgres } from '../node/service/postgres.ts';
import { type Answer, over, request, sumJob } from '../node/service/support.ts';
import { playAtService, urlOf } from './play_at_service.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-farm-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const serve = [
  'prover',
  'serve',
  '--home',
  home,
  '--presets',
  'tiny',
  '--port',
  '0',
  '--proof-timeout',
  '15',
];
const tokenOf = () => readFileSync(join(home, 'service', 'token'), 'utf8').trim();

describe.skipIf(postgresPrograms === undefined)('a farm on PostgreSQL (Debian: postgresql)', () => {
  let postgres: Postgres;
  let commands: ReturnType<typeof createCommands>;
  beforeAll(async () => {
    postgres = await startPostgres();
    commands = createCommands({ DATABASE_URL: await postgres.database('farm') });
  });
  afterAll(async () => {
    await commands?.stop();
    await postgres?.stop();
  });

  it('proves each of 200 jobs once, whatever becomes of agents and server', async () => {
    const { murmur, script } = commands;
    const key = join(home, 'service', 'key');
    const agent = ['prover', 'agent', '--home', home, '--proof-timeout', '15', '--presets', 'tiny', '--name'];
    const first = murmur(...serve, '--api-only');
    let server = await urlOf(first);
    const token = tokenOf();

    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const prover = createProver(keys, createBackend({ name: 'wasm' }));
    const ids: string[] = [];
    for (let i = 0; i < 200; i++) {
      const { status, body } = await request(server, token, 'POST', '/jobs', await sumJob(prover));
      expect(status).toBe(201);
      ids.push(body.id);
    }

    const killed = script('test/e2e/odd_agent.ts', 'slow', key);
    await killed.prints(/proving/);
    await killed.kill();
    const hangs = script('test/e2e/odd_agent.ts', 'hangs', key);
    await hangs.prints(/proving/);
    const other = await ensureDevelopmentKeys('tiny', { cacheFolder, seed: 'other keys' });
    const stranger = murmur(...agent, 'stranger', '--keys', other.folder);
    await stranger.prints(/agent stranger proves/);
    const honest = [murmur(...agent, 'one'), murmur(...agent, 'two')];
    await Promise.all(honest.map((each) => each.prints(/proven in/)));

    // The server dies with jobs in flight; another one takes its place.
    await first.kill();
    server = await urlOf(murmur(...serve, '--api-only'));
    const jobs: Answer[] = [];
    for (const id of ids) jobs.push(await over(server, token, id));
    expect(jobs.map(({ state }) => state)).toEqual(Array(200).fill('done'));
    const makers = new Set(jobs.map((job) => job.agent));
    expect([...makers].toSorted()).toEqual(['one', 'two']);

    const proven = honest.flatMap((each) =>
      [...each.output().matchAll(/ (\S+): proven in/g)].map(([, id]) => id!),
    );
    expect(proven.toSorted()).toEqual(ids.toSorted());
    // Each odd agent cost some job a try.
    expect(jobs.reduce((sum, { attempts }) => sum + attempts - 1, 0)).toBeGreaterThanOrEqual(2);
    expect(stranger.output()).not.toMatch(/aggregate\/tiny [0-9a-f-]{36}/);
  });
});

describe('a federation whose proofs a service makes', () => {
  const commands = createCommands({});
  afterAll(() => commands.stop());

  it('ends its round with every proof of every statement from there', async () => {
    const service = commands.murmur(...serve);
    const server = await urlOf(service);
    const folder = join(home, 'federation');
    const { report, jobs } = await playAtService({ ...server, token: tokenOf(), folder, rounds: 1 });
    expect(report.rounds).toMatchObject([{ accepted: true }]);
    let made = 0;
    for (const { count } of Object.values(report.rounds[0]!.proofs)) made += count;
    expect(made).toBeGreaterThan(0);
    expect(jobs).toHaveLength(made);
    expect(new Set(jobs.map(({ state }) => state))).toEqual(new Set(['done']));
    // Every role says when its phase ends.
    expect(jobs.filter(({ deadline }) => deadline === null)).toEqual([]);
    expect([...new Set(jobs.map(({ circuit }) => circuit))].toSorted()).toEqual([
      'aggregate',
      'alignment',
      'update',
    ]);
  });
});
