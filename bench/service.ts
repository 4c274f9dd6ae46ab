// Benchmark of the prover service: proofs a minute with one and with two agents, and how fast the API answers many
// clients meanwhile. The queue lies in the service's own process, or with DATABASE_URL in that PostgreSQL, which
// two agents need.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PresetName } from '@murmuration/core';
import { aggregate, createBackend, createProver, ensureDevelopmentKeys } from '@murmuration/prover';
import { cacheFolder } from '../node/cli/command/cache_folder.ts';
import { sampleSum } from '../node/service/bench/samples.ts';
import { writeContent } from '../node/service/job/content.ts';
import type { PlainJob } from '../node/service/job/submission.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    preset: { type: 'string', default: 'quick' },
    jobs: { type: 'string', default: '120' },
    clients: { type: 'string', default: '200' },
  },
});
const preset = values.preset as PresetName;
const [jobCount, clients] = [Number(values.jobs), Number(values.clients)];

const home = mkdtempSync(join(tmpdir(), 'murmuration-bench-'));
const program = fileURLToPath(new URL('../node/murmur.js', import.meta.url));
const running = new Set<ChildProcess>();

/** Starts `murmur prover <args>`; resolves with the first match of its output. */
function start(args: readonly string[], pattern: RegExp): Promise<RegExpExecArray> {
  const flags = ['--home', home, '--presets', preset];
  const child = spawn(process.execPath, [program, 'prover', ...args, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const match = pattern.exec(line);
    if (match) resolve(match);
  });
  child.once('close', (code) => {
    running.delete(child);
    reject(new Error(`murmur prover ${args.join(' ')} ended with ${code}`));
  });
  promise.catch(() => undefined);
  return promise;
}

async function stopAll(): Promise<void> {
  const children = [...running];
  const closed = children.map((child) => once(child, 'close'));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(closed);
}

const keys = await ensureDevelopmentKeys(preset, { cacheFolder: cacheFolder() });
const prover = createProver(keys, createBackend({ name: 'wasm' }));

/** Jobs that no queue has had before. */
async function freshJobs(): Promise<string[]> {
  const secret = sampleSum(prover.preset, 4);
  const { h } = await prover.commit('aggregate', secret);
  const jobs = [];
  for (let i = 0; i < jobCount; i++) {
    const gamma = BigInt(`0x${randomBytes(16).toString('hex')}`);
    const { y } = await prover.open('aggregate', secret, gamma);
    const claim = { h, gamma, y };
    const content = {
      signals: aggregate.signals(prover.preset, claim),
      inputs: aggregate.secretInputs(prover.preset, claim, secret),
    };
    const job: Partial<PlainJob> = { circuit: 'aggregate', preset, ...writeContent(content) };
    jobs.push(JSON.stringify(job));
  }
  return jobs;
}

/** One run: all jobs are submitted, then clients ask for jobs in turn until every one is done. */
async function measure(url: string) {
  const headers = {
    authorization: `Bearer ${readFileSync(join(home, 'service', 'token'), 'utf8').trim()}`,
    'content-type': 'application/json',
  };
  const ask = async (path: string, body?: string) => {
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(`${url}${path}`, { method, headers, body: body ?? null });
    const json = (await response.json()) as { id: string; state: string };
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(json)}`);
    return json;
  };
  const jobs = await freshJobs();
  const submitting = performance.now();
  const open = new Set<string>();
  for (const job of jobs) open.add((await ask('/jobs', job)).id);
  const submitMs = (performance.now() - submitting) / jobs.length;

  const latencies: number[] = [];
  const started = performance.now();
  const client = async () => {
    while (open.size > 0) {
      const ids = [...open];
      const id = ids[Math.floor(Math.random() * ids.length)]!;
      const before = performance.now();
      const { state } = await ask(`/jobs/${id}`);
      latencies.push(performance.now() - before);
      if (state === 'failed') throw new Error(`job ${id} failed`);
      if (state === 'done') open.delete(id);
      // Each asks as often as somebody who polls once a second does.
      await new Promise((resolve) => setTimeout(resolve, 500 + 1000 * Math.random()));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const minutes = (performance.now() - started) / 60_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { submitMs, proofsPerMinute: jobs.length / minutes, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const postgres = process.env.DATABASE_URL !== undefined;
const rows = [];
try {
  for (const agents of postgres ? [1, 2] : [1]) {
    const serve = ['serve', '--port', '0', '--per-minute', '1000000', ...(postgres ? ['--api-only'] : [])];
    const [, url] = await start(serve, /serves at (http:[^;]+);/);
    if (postgres)
      for (let i = 0; i < agents; i++) await start(['agent', '--name', `agent-${i}`], /agent \S+ proves/);
    rows.push({ queue: postgres ? 'PostgreSQL' : 'embedded', agents, ...(await measure(url!)) });
    await stopAll();
  }
} finally {
  await stopAll();
  rmSync(home, { recursive: true, force: true });
}

if (values.json)
  for (const row of rows) console.log(JSON.stringify({ preset, clients, jobs: jobCount, ...row }));
else {
  console.log(
    `aggregate/${preset}, ${jobCount} jobs, ${clients} clients that each ask about once a second; milliseconds`,
  );
  console.log('| queue | agents | submit | proofs a minute | p50 | p95 | p99 |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const { queue, agents, ...figures } of rows) {
    const { submitMs, proofsPerMinute, p50, p95, p99 } = figures;
    const cells = [submitMs, proofsPerMinute, p50, p95, p99].map((value) => value.toFixed(1));
    console.log(`| ${[queue, agents, ...cells].join(' | ')} |`);
  }
}
