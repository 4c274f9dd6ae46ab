// The API: who may ask for what, what is refused and why, the same job sent twice, progress, proofs that snarkjs
// verifies alone; and no secret anywhere but in the queue, encrypted, while it must be there.
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJson } from '../../../node/cli/output/format.ts';
import { findJob, tidy } from '../../../node/service/queue/index.ts';
import { root } from '../../suites/suite.ts';
import {
  type Answer,
  freshEmbedded,
  onEachDatabase,
  over,
  request,
  sealedJob,
  someVector,
  sumJob,
  type TestService,
  updateContent,
  updateJob,
  useServices,
  useWorkbench,
} from './support.ts';

const bench = useWorkbench();
const services = useServices(bench);

const lasting = useServices(bench, afterAll);

interface Started {
  readonly service: TestService;
  readonly token: string;
}

async function start(
  starts: typeof services,
  settings: Parameters<typeof services.start>[1] = {},
): Promise<Started> {
  const service = await starts.start(await freshEmbedded(starts.folder), settings);
  const { token } = await service.token('owner', 'secret', 'operate', 'metrics');
  return { service, token };
}

/** One that proves, and one that has no agent. */
let proving: Started;
let idle: Started;
beforeAll(async () => {
  proving = await start(lasting);
  idle = await start(lasting, { backend: undefined });
});

describe('a job', () => {
  it('is proven, and snarkjs alone verifies its proof', async () => {
    const { service, token } = proving;
    const job = await request(service, token, 'POST', '/jobs', await sumJob(bench.prover));
    expect(job.status).toBe(201);
    expect(job.headers.get('location')).toBe(`/jobs/${job.body.id}`);
    expect((await over(service, token, job.body.id)).state).toBe('done');
    const ask = async (path: string) => (await request(service, token, 'GET', path)).body;
    const key = await ask('/circuits/tiny/aggregate/verifying-key');
    const proof = await ask(`/jobs/${job.body.id}/proof?part=proof`);
    const signals = (await ask(`/jobs/${job.body.id}/proof?part=public`)) as unknown as string[];
    const verify = (signals: string[]) => groth16.verify(key as never, signals as never, proof as never);
    expect(await verify(signals)).toBe(true);
    expect(await verify(signals.with(0, '1'))).toBe(false);
  });

  it('that is sent twice, at once or later, is one job and one proof; of another owner it is another', async () => {
    const { service, token } = proving;
    const submission = await sumJob(bench.prover);
    const { signals, inputs } = submission;
    const reversed = Object.fromEntries(Object.entries(signals).reverse());
    const sent = await Promise.all([
      ...Array.from({ length: 5 }, () => request(service, token, 'POST', '/jobs', submission)),
      request(service, token, 'POST', '/jobs', { ...submission, signals: reversed, inputs, priority: 9 }),
    ]);
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1);
    expect(sent.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 201]);
    const { id } = sent[0]!.body;
    const done = await over(service, token, id);
    expect(done.attempts).toBe(1);
    const again = await request(service, token, 'POST', '/jobs', submission);
    expect([again.status, again.body.id, again.body.state]).toEqual([200, id, 'done']);

    const other = await service.token('other', 'public');
    const theirs = await request(service, other.token, 'POST', '/jobs', submission);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(id);
  });

  it('tells its progress as server-sent events until it is over', async () => {
    const { service, token } = proving;
    const { body } = await request(service, token, 'POST', '/jobs', await sumJob(bench.prover));
    const response = await fetch(`${service.url}/jobs/${body.id}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const text = await response.text();
    const told = [...text.matchAll(/^event: job\ndata: (.*)\n\n/gm)].map(
      ([, json]) => JSON.parse(json!) as Answer,
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told.at(-1)!.state).toBe('done');
    expect(told.slice(0, -1).every(({ state }) => state === 'waiting' || state === 'proving')).toBe(true);
  });

  it('that is cancelled before its turn is never proven, and begins anew when it is sent again', async () => {
    const { service, token } = idle;
    const submission = await sumJob(bench.prover);
    const { id } = (await request(service, token, 'POST', '/jobs', submission)).body;
    const cancelled = await request(service, token, 'DELETE', `/jobs/${id}`);
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    expect((await request(service, token, 'GET', `/jobs/${id}/proof`)).status).toBe(409);
    const again = await request(service, token, 'POST', '/jobs', submission);
    expect([again.status, again.body.id, again.body.state]).toEqual([201, id, 'waiting']);
  });
});

describe('who may ask', () => {
  it('nobody without a token that is known, and no body of theirs is read', async () => {
    const { service } = proving;
    for (const [method, path] of [
      ['POST', '/jobs'],
      ['GET', '/jobs'],
      ['GET', '/circuits'],
      ['GET', '/metrics'],
      ['DELETE', '/jobs/00000000-0000-8000-8000-000000000000'],
    ] as const)
      for (const token of [undefined, 'murmur_guess', 'x'.repeat(300)]) {
        const { status, body, headers } = await request(
          service,
          token,
          method,
          path,
          method === 'POST' ? '{' : undefined,
        );
        expect([status, body.error.code]).toEqual([401, 'unauthorised']);
        expect(headers.get('www-authenticate')).toBe('Bearer');
      }
    expect((await request(service, undefined, 'GET', '/healthz')).status).toBe(200);
    expect((await request(service, undefined, 'GET', '/readyz')).status).toBe(200);
  });

  it('only for what its scopes say', async () => {
    const { service, token } = proving;
    const open = await service.token('open', 'public');
    const figures = await service.token('figures', 'metrics');
    const refused = await request(service, open.token, 'POST', '/jobs', await updateJob(bench.prover));
    expect([refused.status, refused.body.error.code]).toEqual([403, 'forbidden']);
    expect((await request(service, open.token, 'POST', '/jobs', await sumJob(bench.prover))).status).toBe(
      201,
    );
    expect((await request(service, open.token, 'GET', '/metrics')).status).toBe(403);
    expect((await request(service, figures.token, 'GET', '/metrics')).status).toBe(200);
    expect((await request(service, figures.token, 'GET', '/jobs')).status).toBe(403);
    expect(
      (await request(service, open.token, 'POST', '/jobs/00000000-0000-8000-8000-000000000000/retry')).status,
    ).toBe(403);

    // Jobs of others are not there, but for operators.
    const { id } = (await request(service, token, 'POST', '/jobs', await updateJob(bench.prover))).body;
    for (const [method, path] of [
      ['GET', `/jobs/${id}`],
      ['GET', `/jobs/${id}/proof`],
      ['GET', `/jobs/${id}/events`],
      ['DELETE', `/jobs/${id}`],
    ] as const)
      expect((await request(service, open.token, method, path)).status).toBe(404);
    const list = async (who: string) => (await request(service, who, 'GET', '/jobs')).body.jobs.length;
    expect(await list(open.token)).toBe(1);
    expect(await list(token)).toBeGreaterThan(1);
  });

  it('a token that was replaced is good for nothing a second later', async () => {
    const { service } = proving;
    const old = await service.token('somebody', 'operate');
    expect((await request(service, old.token, 'GET', '/jobs')).status).toBe(200);
    await service.token('somebody', 'operate');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await request(service, old.token, 'GET', '/jobs')).status).toBe(401);
  });
});

describe('a request that is replayed', () => {
  /** The tries that were made of a job. */
  const triesOf = ({ events }: TestService, id: string) =>
    events.flatMap((event) => (event.type === 'try' && event.job.id === id ? [event.outcome.how] : []));
  const metric = async ({ service, token }: Started, line: RegExp) =>
    Number(
      line.exec((await request(service, token, 'GET', '/metrics')).body as unknown as string)?.[1] ?? '0',
    );

  it('a submission after its proof was fetched: the same job and proof, not proven again', async () => {
    const { service, token } = proving;
    const submission = await updateJob(bench.prover);
    const { id } = (await request(service, token, 'POST', '/jobs', submission)).body;
    await over(service, token, id);
    const proof = (await request(service, token, 'GET', `/jobs/${id}/proof`)).body;
    const deadline = new Date(Date.now() + 60_000).toISOString();
    for (const changed of [{}, { priority: 100 }, { deadline }]) {
      const again = await request(service, token, 'POST', '/jobs', { ...submission, ...changed });
      expect([again.status, again.body.id, again.body.state]).toEqual([200, id, 'done']);
      expect(again.body).toMatchObject({ priority: 0, deadline: null, attempts: 1 });
    }
    expect((await request(service, token, 'GET', `/jobs/${id}/proof`)).body).toEqual(proof);
    expect(triesOf(service, id)).toEqual(['proven']);
    // Once the job is forgotten, nothing of it is left: it is a new one.
    await tidy({ ...service.queue, patience: { ...service.queue.patience, memory: 0 } });
    expect((await request(service, token, 'GET', `/jobs/${id}/proof`)).status).toBe(404);
    const fresh = await request(service, token, 'POST', '/jobs', submission);
    expect([fresh.status, fresh.body.id, fresh.body.attempts]).toEqual([201, id, 0]);
    await over(service, token, id);
  });

  it('a sealed job under another token gets neither proof nor state of the first, and proves nothing', async () => {
    const { service, token } = proving;
    const submission = await updateJob(bench.prover);
    const { id } = (await request(service, token, 'POST', '/jobs', submission)).body;
    await over(service, token, id);
    const lesser = [
      [await service.token('sums', 'public'), 403, 404],
      [await service.token('figures-2', 'metrics'), 403, 403],
      [{ token: 'murmur_guess' }, 401, 401],
    ] as const;
    for (const [other, submitted, looked] of lesser) {
      const replayed = await request(service, other.token, 'POST', '/jobs', submission);
      expect([replayed.status, JSON.stringify(replayed.body).includes(id)]).toEqual([submitted, false]);
      for (const path of [`/jobs/${id}`, `/jobs/${id}/proof`, `/jobs/${id}/events`])
        expect((await request(service, other.token, 'GET', path)).status).toBe(looked);
    }
    // Of the same scope: a job of its own, whose content does not open.
    const thief = await service.token('thief', 'secret');
    const theirs = await request(service, thief.token, 'POST', '/jobs', submission);
    expect([theirs.status, theirs.body.id === id]).toEqual([201, false]);
    const ended = await over(service, thief.token, theirs.body.id);
    expect([ended.state, ended.attempts]).toEqual(['failed', 1]);
    expect(ended.reason).toEqual({
      code: 'input',
      message: expect.stringMatching(/sealed for another service, owner or circuit/),
    });
  });

  it('a sealed job for another circuit or preset opens for nobody', async () => {
    const { service, token } = proving;
    const submission = await updateJob(bench.prover);
    const keys = bench.keys.circuit('alignment').provingKey.sha256;
    const moved = { ...submission, circuit: 'alignment', keys };
    const { id } = (await request(service, token, 'POST', '/jobs', moved)).body;
    const ended = await over(service, token, id);
    expect([ended.state, ended.reason!.code]).toEqual(['failed', 'input']);
    const elsewhere = await request(service, token, 'POST', '/jobs', { ...submission, keys });
    expect([elsewhere.status, elsewhere.body.error.code]).toEqual([400, 'malformed']);
  });

  it('a cancelling, by its owner or another: it counts once, and ends no job of somebody else', async () => {
    const { service, token } = idle;
    const submission = await sumJob(bench.prover);
    const other = await service.token('passer-by', 'public');
    const counted = () =>
      metric(idle, /murmuration_jobs_total\{event="cancelled",circuit="aggregate"\} (\d+)/);
    const before = await counted();
    const { id } = (await request(service, token, 'POST', '/jobs', submission)).body;
    const theirs = (await request(service, other.token, 'POST', '/jobs', submission)).body;
    const first = await request(service, token, 'DELETE', `/jobs/${id}`);
    const second = await request(service, token, 'DELETE', `/jobs/${id}`);
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(await counted()).toBe(before + 1);
    expect((await request(service, other.token, 'DELETE', `/jobs/${id}`)).status).toBe(404);
    expect((await request(service, other.token, 'GET', `/jobs/${theirs.id}`)).body.state).toBe('waiting');
    // One that is done stays done.
    const done = (await request(proving.service, proving.token, 'POST', '/jobs', submission)).body;
    await over(proving.service, proving.token, done.id);
    const late = await request(proving.service, proving.token, 'DELETE', `/jobs/${done.id}`);
    expect([late.status, late.body.state]).toEqual([200, 'done']);
  });

  it('a retrying: one more round of tries, and none for who may not', async () => {
    const { service, token } = proving;
    const submission = await sumJob(bench.prover);
    const wrong = { ...submission, signals: { ...submission.signals, y: '5' } };
    const { id } = (await request(service, token, 'POST', '/jobs', wrong)).body;
    expect((await over(service, token, id)).state).toBe('failed');
    const other = await service.token('impatient', 'public', 'secret');
    expect((await request(service, other.token, 'POST', `/jobs/${id}/retry`)).status).toBe(403);
    expect(triesOf(service, id)).toEqual(['failed']);
    const retried = await Promise.all(
      [1, 2, 3].map(() => request(service, token, 'POST', `/jobs/${id}/retry`)),
    );
    expect(retried.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    await over(service, token, id);
    const rounds = retried.filter(({ status }) => status === 200).length;
    expect(triesOf(service, id)).toEqual(Array(1 + rounds).fill('failed'));
    expect(retried.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });
});

describe('what is refused', () => {
  it.each<[string, (good: Answer) => unknown, number, RegExp]>([
    ['no JSON', () => '{"circuit":', 400, /malformed/],
    ['another form', () => [1], 400, /body/],
    ['an unknown member', (good) => ({ ...good, extra: 1 }), 400, /extra/],
    ['an unknown circuit', (good) => ({ ...good, circuit: 'payroll' }), 400, /does not prove payroll/],
    ['a preset without keys', (good) => ({ ...good, preset: 'base' }), 400, /does not prove aggregate\/base/],
    ['other keys', (good) => ({ ...good, keys: 'ab'.repeat(32) }), 400, /its keys of aggregate\/tiny are/],
    ['a missing signal', (good) => without(good, 'signals', 'y'), 400, /there are 2 signals/],
    ['an unknown input', (good) => change(good, 'inputs', { salt: ['1'] }), 400, /no input called salt/],
    ['a short input', (good) => change(good, 'inputs', { lanes: ['1'] }), 400, /lanes has 1 elements.*96/],
    ['a missing input', (good) => without(good, 'inputs', 'rho'), 400, /input elements were given/],
    ['a signal as input', (good) => change(good, 'inputs', { y: ['1'] }), 400, /as a signal and as an input/],
    ['a point too many', (good) => ({ ...good, point: ['1', '2'] }), 400, /has no point/],
    ['an alias of an element', (good) => change(good, 'signals', { h: String(2n ** 254n) }), 400, /below r/],
    ['a negative element', (good) => change(good, 'signals', { h: '-1' }), 400, /below r/],
    ['a number', (good) => change(good, 'signals', { h: 1 }), 400, /signals.h/],
    ['a huge list', (good) => change(good, 'inputs', { lanes: Array(20_000).fill('1') }), 400, /lanes/],
    ['a huge body', () => `{"circuit":"${'x'.repeat(2 ** 20)}"}`, 413, /too large/],
    [
      'a deadline that has passed',
      (good) => ({ ...good, deadline: '2020-01-01T00:00:00Z' }),
      422,
      /has passed/,
    ],
    ['a priority out of range', (good) => ({ ...good, priority: 1000 }), 400, /priority/],
  ])('%s', async (_, spoil, status, message) => {
    const { service, token } = idle;
    const good = (await sumJob(bench.prover)) as unknown as Answer;
    const answer = await request(service, token, 'POST', '/jobs', spoil(good));
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(message)]);
  });

  const change = (good: Answer, member: 'signals' | 'inputs', by: object) => ({
    ...good,
    [member]: { ...(good as unknown as Record<string, object>)[member], ...by },
  });
  const without = (good: Answer, member: 'signals' | 'inputs', name: string) => {
    const all = { ...(good as unknown as Record<string, Record<string, unknown>>)[member] };
    delete all[name];
    return { ...good, [member]: all };
  };

  it('names no value of what it refuses', async () => {
    const { service, token } = idle;
    const submission = await sumJob(bench.prover);
    const secret = '987654321987654321';
    for (const spoiled of [
      { ...submission, inputs: { ...submission.inputs, lanes: [secret] } },
      { ...submission, inputs: { ...submission.inputs, lanes: [`-${secret}`] } },
      { ...submission, inputs: { ...submission.inputs, lanes: `${secret}` } },
      `{"inputs":{"lanes":["${secret}"`,
    ]) {
      const { status, body } = await request(service, token, 'POST', '/jobs', spoiled);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toContain(secret);
    }
    expect(toJson(service.events)).not.toContain(secret);
  });

  it('more requests than are allowed, by token and by address', async () => {
    const { service, token } = await start(services, { backend: undefined, limits: { perMinute: 5 } });
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await request(service, token, 'GET', '/jobs')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const guesses = [];
    for (let i = 0; i < 7; i++) guesses.push((await request(service, `guess-${i}`, 'GET', '/jobs')).status);
    expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it('a request that does not come to its end in time', async () => {
    const { service, token } = await start(services, { backend: undefined, limits: { request: 500 } });
    const { port } = new URL(service.url);
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    const head = [
      'POST /jobs HTTP/1.1',
      'host: x',
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      'content-length: 99',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    await new Promise((resolve) => socket.on('close', resolve));
    expect(answer).toMatch(/^HTTP\/1.1 408/);
  });
});

describe('over a network', () => {
  const program = spawnSync('openssl', ['version']).status === 0;

  it.skipIf(!program)('it speaks TLS under the certificate that it was given (needs openssl)', async () => {
    const folder = await services.folder();
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const made = spawnSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ]);
    expect(made.status, String(made.stderr)).toBe(0);
    const { service } = await start(services, { backend: undefined, tls: { cert, key } });
    expect(service.url).toMatch(/^https:/);
    const ask = (ca?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        get(`${service.url}/healthz`, { ca, agent: false }, ({ statusCode }) => resolve(statusCode)).on(
          'error',
          reject,
        );
      });
    expect(await ask(await readFile(cert, 'utf8'))).toBe(200);
    await expect(ask()).rejects.toThrow(/self-signed/);
    await expect(fetch(service.url.replace('https:', 'http:'))).rejects.toThrow();
  });

  it.each([
    [['--host', '0.0.0.0'], /can be reached from other machines, but there is no certificate/],
    [['--tls-cert', 'x.pem'], /given together or not at all/],
  ])('`murmur prover serve %s` does not start', async (flags, message) => {
    const home = await services.folder();
    const command = ['prover', 'serve', '--home', home, '--presets', 'tiny', '--port', '0', ...flags];
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'node/murmur.js'), ...command], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(await readdir(home)).toEqual([]);
  });
});

describe('documents', () => {
  it('the OpenAPI document names every route and the schema of a job', async () => {
    const { service } = idle;
    const { body } = await request(service, undefined, 'GET', '/openapi.json');
    const { openapi, paths } = body as unknown as {
      openapi: string;
      paths: Record<string, Record<string, object>>;
    };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/jobs',
        '/jobs/{id}',
        '/jobs/{id}/events',
        '/jobs/{id}/proof',
        '/circuits',
        '/metrics',
      ]),
    );
    const { requestBody } = paths['/jobs']!.post as { requestBody: object };
    expect(JSON.stringify(requestBody)).toContain('"signals"');
    const page = (await request(service, undefined, 'GET', '/')).body as unknown as string;
    for (const path of Object.keys(paths)) expect(page).toContain(path);
  });

  it('the circuits say which mode they are for, and the metrics count', async () => {
    const { service, token } = proving;
    const { circuits } = (await request(service, token, 'GET', '/circuits')).body;
    const modes = circuits.map(({ circuit, mode, agents }) => [circuit, mode, agents]);
    expect(modes).toEqual(
      expect.arrayContaining([
        ['aggregate', 'public', 1],
        ['update', 'in-house', 1],
        ['alignment', 'in-house', 1],
      ]),
    );
    const { id } = (await request(service, token, 'POST', '/jobs', await sumJob(bench.prover))).body;
    await over(service, token, id);
    const metrics = (await request(service, token, 'GET', '/metrics')).body as unknown as string;
    expect(metrics).toMatch(/murmuration_jobs_total\{event="submitted",circuit="aggregate"\} [1-9]/);
    expect(metrics).toMatch(/murmuration_queue_jobs\{circuit="aggregate",preset="tiny",state="done"\} [1-9]/);
    expect(metrics).toMatch(/murmuration_agents 1/);
    expect(metrics.trimEnd()).toMatch(/# EOF$/);
  });
});

describe('a secret', () => {
  /** Every byte that lies below a folder. */
  async function bytesBelow(folder: string): Promise<Buffer> {
    const parts = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) parts.push(await readFile(join(entry.parentPath, entry.name)));
    return Buffer.concat(parts);
  }

  onEachDatabase((databases) => {
    it('is in no file of the database, no log and no metric, and is erased when the job is over', async () => {
      const place = await databases.fresh(services.folder);
      const folder = databases.postgres?.folder ?? (place.kind === 'embedded' ? place.folder : '');
      const idle = await services.start(place, { backend: undefined });
      const { token } = await idle.token('owner', 'secret', 'operate', 'metrics');
      const vectors = [someVector(), someVector(), someVector()];
      // As JSON, as hexadecimal digits of either order, as bytes.
      const marks = vectors.flatMap(({ blinding }) => {
        const hex = blinding[0].toString(16).padStart(64, '0');
        const bytes = Buffer.from(hex, 'hex');
        return [Buffer.from(String(blinding[0])), Buffer.from(hex), bytes, Buffer.from(bytes).reverse()];
      });
      const lanes = /(?:"1\d\d"[, ]*){96}/;
      const ids: string[] = [];
      for (const vector of vectors)
        ids.push(
          (await request(idle, token, 'POST', '/jobs', await updateJob(bench.prover, vector))).body.id,
        );
      const planted = await bytesBelow(folder);
      expect(planted.includes('murmuration')).toBe(true);
      for (const mark of marks) expect(planted.includes(mark)).toBe(false);
      expect(lanes.test(planted.toString('latin1'))).toBe(false);
      // The check itself finds what is there: the public name of a job.
      const name = Buffer.from(ids[0]!.replaceAll('-', ''), 'hex');
      expect(planted.includes(name)).toBe(true);
      expect(await sealed(idle, ids)).toBe(3);

      // One cancelled, one proven, one whose inputs are no witness.
      await request(idle, token, 'DELETE', `/jobs/${ids[0]}`);
      const wrong = await updateContent(bench.prover, vectors[2]!);
      const bad = sealedJob(bench.prover, { ...wrong, signals: { ...wrong.signals, y: 5n } });
      const { id: badId } = (await request(idle, token, 'POST', '/jobs', bad)).body;
      await idle.stop(0);
      const service = await services.start(place);
      const owner = await service.token('owner', 'secret', 'operate', 'metrics');
      expect((await over(service, owner.token, ids[1]!)).state).toBe('done');
      const failed = await over(service, owner.token, badId);
      expect([failed.state, failed.reason!.code, failed.attempts]).toEqual(['failed', 'witness', 1]);
      await over(service, owner.token, ids[2]!);
      expect(await sealed(service, [...ids, badId])).toBe(0);
      const retried = await request(service, owner.token, 'POST', `/jobs/${badId}/retry`);
      expect([retried.status, retried.body.error.code]).toEqual([410, 'erased']);

      const metrics = (await request(service, owner.token, 'GET', '/metrics')).body as unknown as string;
      const jobs = JSON.stringify((await request(service, owner.token, 'GET', '/jobs')).body);
      const told = Buffer.from(toJson([idle.events, service.events]) + metrics + jobs);
      await service.stop(0);
      const left = await bytesBelow(folder);
      for (const mark of marks) expect([told.includes(mark), left.includes(mark)]).toEqual([false, false]);
    });

    /** How many of the jobs still have inputs. */
    async function sealed(service: TestService, ids: readonly string[]): Promise<number> {
      const [row] = await service.queue.database.query<{ count: number }>(
        'SELECT count(sealed)::int AS count FROM murmuration.job WHERE id = ANY($1)',
        [ids],
      );
      expect((await findJob(service.queue, ids[0]!, undefined)).secret).toBe(true);
      return row!.count;
    }
  });
});
