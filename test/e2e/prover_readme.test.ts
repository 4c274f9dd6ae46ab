// What a new user of the prover service does: the very commands of its README, on a free port and in a home folder of
// the test's own. Then agents at a PostgreSQL, which share the work.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackend, createProver, ensureDevelopmentKeys } from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../cache_folder.ts';
import { postgresPrograms, startPostgres } from '../node/service/postgres.ts';
import { over, request, sumJob } from '../node/service/support.ts';
import { root } from '../suites/suite.ts';
import { type Command, createCommands } from './processes.ts';

const readme = readFileSync(join(root, 'node/service/README.md'), 'utf8');
/** The commands of a section, block by block. */
const blocks = (section: string): string[] =>
  readme
    .split(/^## /m)
    .find((text) => text.startsWith(section))!
    .split(/^```\n/m)
    .filter((_, at) => at % 2 === 1);

const home = mkdtempSync(join(tmpdir(), 'murmuration-readme-'));
let port: number;
beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as { port: number });
  server.close();
  await once(server, 'close');
});
const commands = createCommands({ HOME: home });
afterAll(async () => {
  await commands.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Starts a line of the README: variables, then `murmur` and its words. */
function start(line: string, url?: string): Command {
  const [, variable, words] = /^(?:DATABASE_URL=(\S+) )?murmur (.*)$/.exec(line)!;
  expect(variable === undefined).toBe(url === undefined);
  const here = url === undefined ? commands : createCommands({ HOME: home, DATABASE_URL: url });
  if (here !== commands) stops.push(here.stop);
  const args = words!.split(' ').map((word) => word.replace('~', home));
  return here.murmur(...args, ...(args[1] === 'serve' ? ['--port', String(port)] : []));
}
const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Runs commands of the README in a folder, as a shell does; resolves to what they print. */
function run(script: string): string {
  const file = join(home, 'script');
  writeFileSync(file, script.replaceAll(':8420', `:${port}`));
  const env = { ...process.env, HOME: home, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', file], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  for (const made of ['job.json', 'proof.json', 'public.json', 'key.json'])
    rmSync(join(root, made), { force: true });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

const [serve, job] = blocks('One machine');
const [farm, who] = blocks('A farm');
const version = /^curl (\d+)\.(\d+)/.exec(
  spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '',
);
const curl = version !== null && Number(version[1]) * 1000 + Number(version[2]) >= 7082;
const programs = curl && spawnSync('jq', ['--version']).status === 0;

describe.skipIf(!programs)('the README of the prover service (needs curl 7.82 and jq)', () => {
  it('takes a new user from one command to a proof that snarkjs alone verifies', async () => {
    // The first line sets PATH, as `run` does.
    const server = start(serve!.trim().split('\n').at(-1)!);
    await server.prints(/serves at/);
    const told = run(job!);
    expect(told).toMatch(/event: job\ndata: \{.*"state":"done"/);
    expect(told).toMatch(/snarkJS.*: OK!/);
    await server.kill();
  });

  it.skipIf(postgresPrograms === undefined)(
    'and to agents that share the work (Debian: postgresql)',
    async () => {
      const postgres = await startPostgres();
      stops.push(() => postgres.stop());
      const url = await postgres.database('readme');
      const [server, agent] = farm!.trim().split('\n');
      await start(server!, url).prints(/serves at/);
      const agents = [start(agent!, url), start(agent!, url)];
      await Promise.all(agents.map((each) => each.prints(/agent \S+ proves/)));

      const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
      const prover = createProver(keys, createBackend({ name: 'wasm' }));
      const token = readFileSync(join(home, '.murmuration/service/token'), 'utf8').trim();
      const at = { url: `http://127.0.0.1:${port}` };
      const ids: string[] = [];
      for (let i = 0; i < 24; i++)
        ids.push((await request(at, token, 'POST', '/jobs', await sumJob(prover))).body.id);
      for (const id of ids) expect((await over(at, token, id)).state).toBe('done');
      const names = run(`${job!.split('\n')[0]}\n${who!}`)
        .trim()
        .split('\n');
      expect(names).toHaveLength(2);
      expect(names.reduce((sum, line) => sum + Number.parseInt(line, 10), 0)).toBe(24);
    },
  );
});
