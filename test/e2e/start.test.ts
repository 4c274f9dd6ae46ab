// `npm start` itself, and what it runs, on the tiny preset: real encryption, proofs, chain and sockets.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runLocalFederation, type View } from '../../node/local/index.ts';
import { type Report, reportSchema } from '../../node/report/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { root } from '../suites/suite.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-start-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const small = ['--preset', 'tiny', '--trainers', '3', '--validators', '2'];

function start(...flags: string[]) {
  return spawnSync(process.execPath, [join(root, 'node/murmur.js'), 'start', '--out', out, ...flags], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether something listens there. */
async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const answer = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return answer;
}

describe('npm start', () => {
  it('learns, proves, pays, slashes who sends garbage, and leaves a report and no process', async () => {
    const port = await freePort();
    const { status, stdout, stderr } = start(
      ...small,
      '--rounds',
      '2',
      '--adversary',
      'garbage-proof',
      '--json',
      '--port',
      String(port),
    );
    expect(status, stderr).toBe(0);
    const report = reportSchema.parse(JSON.parse(stdout)) satisfies Report;
    expect(report.kind).toBe('federation');
    expect(report.rounds.map(({ accepted }) => accepted)).toEqual([true, true]);
    expect(report.rounds[1]!.accuracy!).toBeGreaterThan(report.rounds[0]!.accuracy!);

    const [plain, garbage, mirrored] = report.trainers as [
      Report['trainers'][0],
      Report['trainers'][0],
      Report['trainers'][0],
    ];
    expect([plain.kind, garbage.kind, mirrored.kind]).toEqual(['plain', 'garbage-proof', 'mirrored']);
    expect(plain.stakeEnd).toBe(plain.stakeStart);
    expect(plain.reward).toBeGreaterThan(0);
    expect(garbage.stakeEnd).toBeLessThanOrEqual(garbage.stakeStart - 4);
    expect(garbage.reward).toBe(0);

    // Three updates of which one is garbage, two probes, two sums, two alignments: in every round.
    for (const round of report.rounds) {
      const counts = Object.fromEntries(
        Object.entries(round.proofs).map(([kind, { count }]) => [kind, count]),
      );
      expect(counts).toEqual({ update: 3, probe: 2, aggregate: 2, alignment: 2 });
      expect(round.gas.submitUpdate).toBeGreaterThan(0);
      expect(round.bytesPerTrainer).toBeGreaterThan(90_000);
    }
    const [run] = readdirSync(out);
    expect(readFileSync(join(out, run!, 'report.html'), 'utf8')).toContain('<svg');
    expect(await listens(port)).toBe(false);
  });

  it.each([
    [['--rounds', '0'], /--rounds is "0"/],
    [['--trainers', '2'], /--trainers is "2"/],
    [['--adversary', 'polite'], /--adversary is "polite"/],
    [['--preset', 'huge'], /--preset is "huge"/],
    [['--scenario', 'clinic'], /--scenario is "clinic", but it must be: digits, clinics or credit/],
  ])('%j is refused in one line', (flags, message) => {
    const { status, stderr } = start(...flags);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('runLocalFederation', () => {
  it('runs twice in one process, each from nothing', async () => {
    const { signal } = new AbortController();
    const view: View = { say() {}, update() {}, close() {} };
    const digests: string[] = [];
    for (const name of ['first', 'second']) {
      const options = { preset: 'tiny', trainers: 3, validators: 2, rounds: 1 } as const;
      const report = await runLocalFederation(options, {
        folder: join(out, name),
        cacheFolder,
        view,
        signal,
      });
      expect(report.totals.accepted).toBe(1);
      digests.push(report.model.digest);
    }
    // Same seed, same data, same batches: the same model, whatever the keys, noises and blindings were.
    expect(digests[0]).toBe(digests[1]);
  });
});
