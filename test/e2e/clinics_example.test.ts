// The example of four clinics, as its page tells it: from accounts to the model, on the clinics' real files.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { reportSchema } from '../../node/report/index.ts';
import { root } from '../suites/suite.ts';
import { program } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-example-'));
const folder = join(home, 'clinics');
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The example, and beside it the programs that its page finds by npm: `murmur` is as packages have it. */
function layOut(): void {
  cpSync(join(root, 'examples/clinics'), folder, { recursive: true });
  const tools = join(home, 'node_modules/.bin');
  mkdirSync(tools, { recursive: true });
  for (const name of ['anvil', 'node']) symlinkSync(join(root, 'node_modules/.bin', name), join(tools, name));
  symlinkSync(join(root, program), join(tools, 'murmur'));
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Some twenty commands and two rounds, one after the other; a minute and a half on two idle cores. */
const limit = { timeout: 1_800_000 };

it('four clinics: what the page says leads to a model of their real files', limit, async () => {
  layOut();
  const page = readFileSync(join(folder, 'README.md'), 'utf8');
  const script = /```bash\n([\s\S]*?)```/.exec(page)![1]!;
  const env = { ...process.env, RUN: join(home, 'run'), PORT: String(await freePort()) };

  // A group of its own: nothing that the script starts outlives the test.
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors]: [string[], string[]] = [[], []];
  child.stdout.on('data', (text) => output.push(String(text)));
  child.stderr.on('data', (text) => errors.push(String(text)));
  try {
    const [code] = await once(child, 'close');
    expect(code, errors.join('').slice(-4000)).toBe(0);
  } finally {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // The group is gone, as it should be.
    }
  }

  const printed = output.join('');
  expect(printed).toMatch(/round 1: accepted/);
  expect(printed).toMatch(/round 2: accepted/);
  const report = reportSchema.parse(JSON.parse(readFileSync(join(home, 'run/report/report.json'), 'utf8')));
  expect(report).toMatchObject({ kind: 'task', totals: { accepted: 2 } });
  expect(report.rounds.map(({ proofs }) => proofs.update!.count)).toEqual([3, 3]);
  for (const { accuracy } of report.rounds) expect(accuracy).toBeGreaterThan(0.5);
  for (const { stakeStart, stakeEnd, reward } of report.trainers) {
    expect(stakeStart).toBeGreaterThan(0);
    expect(stakeEnd).toBe(stakeStart);
    expect(reward).toBeGreaterThan(0);
  }
  expect(printed).toContain('run/report/report.html');
  const scores = readFileSync(join(home, 'run/scores.csv'), 'utf8').trim().split('\n');
  expect(scores[0]).toBe('row,patient,class,p(<=0),p(>0)');
  expect(scores).toHaveLength(1 + 294);
  for (const [at, line] of scores.slice(1).entries()) {
    const [, patient, , ...shares] = line.split(',').map(Number);
    expect(patient).toBe(at + 1);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
  }
  const found = JSON.parse(printed.trim().split('\n').at(-1)!) as { count: number; auc: number };
  expect(found.count).toBe(303);
  expect(found.auc).toBeGreaterThan(0.7);
});
