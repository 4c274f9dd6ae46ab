// The queue, on both databases: agents that die, hang, come late or bring nonsense; deadlines; dead letters; two
// servers; and which agent gets what.
import { setTimeout as sleep } from 'node:timers/promises';
import { aggregate, type Prover, ProverError, proofFromWords } from '@murmuration/prover';
import { afterEach, describe, expect, it } from 'vitest';
import { proveSum } from '../../../node/cryptography/index.ts';
import { gammaOf } from '../../../node/protocol/index.ts';
import { type Agent, servedOf, startAgent } from '../../../node/service/agent/index.ts';
import { statementOf } from '../../../node/service/agent/statement.ts';
import { openProver } from '../../../node/service/index.ts';
import { queueOf } from '../../../node/service/job/circuits.ts';
import { decodeContent } from '../../../node/service/job/content.ts';
import { writeResult } from '../../../node/service/job/job.ts';
import { createServiceKey } from '../../../node/service/job/service_key.ts';
import { claimJob, finishJob, type QueueContext } from '../../../node/service/queue/index.ts';
import { openQueue } from '../../../node/service/serve.ts';
import { cacheFolder } from '../../cache_folder.ts';
import {
  freshEmbedded,
  onEachDatabase,
  onPostgres,
  over,
  request,
  someVector,
  sumJob,
  type TestService,
  testKey,
  updateJob,
  useServices,
  useWorkbench,
} from './support.ts';

const bench = useWorkbench();
const services = useServices(bench);
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop(0);
});

/** An agent of this process whose prover does what the test says. */
async function agentWith(
  queue: QueueContext,
  prove: Prover['prove'],
  settings: Partial<Parameters<typeof startAgent>[1]> = {},
) {
  const agent = await startAgent(queue, {
    name: 'odd',
    served: servedOf([bench.keys]),
    proverOf: () => ({ ...bench.prover, prove }),
    parallel: 1,
    interval: 50,
    grace: 300,
    onEvent: () => {},
    ...settings,
  });
  agents.push(agent);
  return agent;
}

const honest: Prover['prove'] = (...args) => bench.prover.prove(...args);
const never: Prover['prove'] = () => new Promise(() => {});

async function submit(service: TestService, token: string, extra: object = {}) {
  const answer = await request(service, token, 'POST', '/jobs', {
    ...(await sumJob(bench.prover)),
    ...extra,
  });
  return answer.body;
}

/** Waits until a job is in an agent's hands. */
async function inHands(service: TestService, token: string, id: string) {
  for (;;) {
    const { body } = await request(service, token, 'GET', `/jobs/${id}`);
    if (body.state === 'proving') return body;
    await sleep(50);
  }
}

onEachDatabase((databases) => {
  /** A service without an agent of its own, and a token. */
  async function start(patience: Parameters<typeof services.start>[1] = {}) {
    const place = await databases.fresh(services.folder);
    const service = await services.start(place, { backend: undefined, ...patience });
    const { token } = await service.token('owner', 'secret', 'operate');
    return { service, token, place };
  }

  it('a proof that takes too long is given to another agent, and the late result changes nothing', async () => {
    const { service, token } = await start({ patience: { proof: 2, retries: 3, backoff: 1 } });
    const late = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<void>();
    await agentWith(
      service.queue,
      async (statement, job) => {
        // Deaf to its signal, as a prover that hangs in native code is.
        await late.promise;
        const { signal: _, ...rest } = job;
        const proven = await honest(statement, rest);
        finished.resolve();
        return proven;
      },
      { name: 'slow', grace: 60_000 },
    );
    const { id } = await submit(service, token);
    expect((await inHands(service, token, id)).agent).toBe('slow');
    await agentWith(service.queue, honest, { name: 'quick' });
    const done = await over(service, token, id);
    expect([done.state, done.agent]).toEqual(['done', 'quick']);
    const first = (await request(service, token, 'GET', `/jobs/${id}/proof`)).body;
    late.resolve();
    await finished.promise;
    await sleep(500);
    expect((await request(service, token, 'GET', `/jobs/${id}/proof`)).body).toEqual(first);
  });

  it('a late result that is right is taken where no other is there yet', async () => {
    const { service, token } = await start({ patience: { proof: 1, retries: 5, backoff: 30 } });
    const { id } = await submit(service, token);
    const { queue } = service;
    const claim = await claimJob(queue, { name: 'late', queues: servedOf([bench.keys]).map(queueOf) });
    // Its time is over, and the next try waits for its turn.
    await sleep(6000);
    const { owner, keys } = claim!.row;
    const served = { circuit: 'aggregate', preset: 'tiny', keys } as const;
    const content = decodeContent(testKey.open({ owner, served }, claim!.sealed));
    const proven = await honest(statementOf('aggregate', content), {
      claim: content.signals,
      secret: content.inputs,
    });
    const result = writeResult(proven);
    expect(await finishJob(queue, claim!, result)).toBe(true);
    expect(await finishJob(queue, claim!, result)).toBe(false);
    expect((await over(service, token, id)).state).toBe('done');
    expect(
      await claimJob(queue, { name: 'other', queues: servedOf([bench.keys]).map(queueOf) }),
    ).toBeUndefined();
  });

  it('inputs that are poison end in the dead letters at once, and are tried again by hand', async () => {
    const { service, token } = await start();
    let mended = false;
    await agentWith(service.queue, async (...args) => {
      if (!mended) throw new ProverError('witness', 'aggregate/tiny: a constraint does not hold');
      return honest(...args);
    });
    const { id } = await submit(service, token);
    const failed = await over(service, token, id);
    expect(failed).toMatchObject({
      state: 'failed',
      attempts: 1,
      reason: { code: 'witness', message: 'aggregate/tiny: a constraint does not hold' },
    });
    const letters = (await request(service, token, 'GET', '/jobs?state=failed')).body.jobs;
    expect(letters.map((job) => job.id)).toEqual([id]);
    mended = true;
    const retried = await request(service, token, 'POST', `/jobs/${id}/retry`);
    expect([retried.status, retried.body.state]).toEqual([200, 'waiting']);
    expect((await over(service, token, id)).state).toBe('done');
    expect((await request(service, token, 'POST', `/jobs/${id}/retry`)).status).toBe(409);
  });

  it('a fault that may pass is tried again, so many times, and then is a dead letter with the last reason', async () => {
    const { service, token } = await start({ patience: { retries: 2, backoff: 1 } });
    let tries = 0;
    await agentWith(service.queue, async () => {
      tries++;
      throw new ProverError('backend', `the disk is full (${tries})`);
    });
    const { id } = await submit(service, token);
    const failed = await over(service, token, id);
    expect(failed).toMatchObject({
      state: 'failed',
      attempts: 3,
      reason: { code: 'backend', message: 'the disk is full (3)' },
    });
    expect(tries).toBe(3);
  });

  it('of a secret job a fault tells the code alone, and the inputs are erased', async () => {
    const { service, token } = await start({ patience: { retries: 0 } });
    await agentWith(service.queue, async () => {
      throw new ProverError('backend', 'lanes[3] is a secret');
    });
    const submission = await updateJob(bench.prover);
    const { id } = (await request(service, token, 'POST', '/jobs', submission)).body;
    const failed = await over(service, token, id);
    expect(failed.reason!.code).toBe('backend');
    expect(JSON.stringify(failed)).not.toContain('lanes');
    expect((await request(service, token, 'POST', `/jobs/${id}/retry`)).status).toBe(410);
  });

  it('a job that is cancelled while it is proven ends its proving', async () => {
    const { service, token } = await start();
    const ended = Promise.withResolvers<void>();
    await agentWith(service.queue, (_, { signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal!.addEventListener('abort', () => {
        ended.resolve();
        reject(signal!.reason);
      });
      return promise;
    });
    const { id } = await submit(service, token);
    await inHands(service, token, id);
    await request(service, token, 'DELETE', `/jobs/${id}`);
    await ended.promise;
    expect((await over(service, token, id)).state).toBe('cancelled');
  });

  it('a deadline that cannot be met is refused with the reason; one that passes ends the job', async () => {
    const { service, token } = await start();
    const inMs = (ms: number) => ({ deadline: new Date(Date.now() + ms).toISOString() });
    const nobody = await submit(service, token, inMs(60_000));
    expect(nobody.error).toMatchObject({
      code: 'too-late',
      message: expect.stringMatching(/no agent serves/),
    });

    await agentWith(service.queue, never);
    const stuck = await submit(service, token, inMs(8000));
    const failed = await over(service, token, stuck.id);
    expect([failed.state, failed.reason!.code]).toEqual(['failed', 'deadline']);
    for (const agent of agents.splice(0)) await agent.stop(0);

    // An hour is more than a busy machine takes to answer.
    await agentWith(service.queue, async (...args) => ({ ...(await honest(...args)), proveMs: 3_600_000 }));
    const first = await submit(service, token);
    expect((await over(service, token, first.id)).state).toBe('done');
    const slow = await submit(service, token, inMs(600_000));
    expect(slow.error).toMatchObject({
      code: 'too-late',
      message: expect.stringMatching(/0 jobs come first.*36\d{5} ms/),
    });
  });

  it('the more urgent job comes first, in its queue and over all queues of an agent', async () => {
    const { service, token } = await start();
    const ids: string[] = [];
    for (const priority of [1, 5, 3]) ids.push((await submit(service, token, { priority })).id);
    const update = { ...(await updateJob(bench.prover)), priority: 4 };
    ids.push((await request(service, token, 'POST', '/jobs', update)).body.id);
    const order: string[] = [];
    await agentWith(service.queue, honest, {
      onEvent: (event) => {
        if (event.type === 'try') order.push(event.job.id);
      },
    });
    for (const id of ids) await over(service, token, id);
    expect(order).toEqual([ids[1], ids[3], ids[2], ids[0]]);
  });

  it('an agent that stops gives back what it has, untried, and another one takes it', async () => {
    const { service, token } = await start();
    const first = await agentWith(service.queue, (_, { signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal!.addEventListener('abort', () => reject(signal!.reason));
      return promise;
    });
    const { id } = await submit(service, token);
    await inHands(service, token, id);
    await first.stop(0);
    const given = (await request(service, token, 'GET', `/jobs/${id}`)).body;
    expect([given.state, given.attempts, given.agent]).toEqual(['waiting', 0, null]);
    await agentWith(service.queue, honest, { name: 'next' });
    expect(await over(service, token, id)).toMatchObject({ state: 'done', agent: 'next', attempts: 1 });
  });

  it('an agent gets jobs of its own keys and circuits alone', async () => {
    const { service, token } = await start();
    const served = servedOf([bench.keys]);
    const otherKeys = served.map((each) => ({ ...each, keys: 'ab'.repeat(32) }));
    const tried: string[] = [];
    const onEvent: Parameters<typeof startAgent>[1]['onEvent'] = (event) => {
      if (event.type === 'try') tried.push(event.job.id);
    };
    await agentWith(service.queue, never, { name: 'others', served: otherKeys, onEvent });
    const updates = served.filter(({ circuit }) => circuit === 'update');
    await agentWith(service.queue, never, { name: 'updates', served: updates, onEvent });
    const { id } = await submit(service, token);
    await sleep(1500);
    expect((await request(service, token, 'GET', `/jobs/${id}`)).body.state).toBe('waiting');
    expect(tried).toEqual([]);
    await agentWith(service.queue, honest, { name: 'right' });
    expect(await over(service, token, id)).toMatchObject({ state: 'done', agent: 'right' });
  });

  it('a server that is started again goes on with what it had, under its key and no other', async () => {
    const { service, token, place } = await start();
    const waiting = await submit(service, token);
    await service.stop(0);
    const other = openQueue(
      { database: place, key: createServiceKey(new Uint8Array(32).fill(8)), onEvent: () => {} },
      [bench.keys],
    );
    await expect(other).rejects.toThrow(/belongs to another service's key/);
    const again = await services.start(place);
    const owner = await again.token('owner', 'secret');
    expect((await over(again, owner.token, waiting.id)).state).toBe('done');
  });
});

describe('several machines', () => {
  onPostgres((databases) => {
    it('two servers and two agents on one database prove each of 60 jobs once', async () => {
      const place = await databases.fresh(services.folder);
      const one = await services.start(place, { backend: undefined });
      const two = await services.start(place, { backend: undefined });
      const tokens = [await one.token('owner', 'secret'), await two.token('owner', 'secret')];
      const proofs = new Map<string, number>();
      const onEvent: Parameters<typeof startAgent>[1]['onEvent'] = (event) => {
        if (event.type === 'try') proofs.set(event.job.id, (proofs.get(event.job.id) ?? 0) + 1);
      };
      const queue = await openQueue({ database: place, key: testKey, onEvent: () => {} }, [bench.keys]);
      services.defer(() => queue.database.close());
      await agentWith(one.queue, honest, { name: 'a', onEvent });
      await agentWith(queue, honest, { name: 'b', onEvent });
      const jobs = await Promise.all(Array.from({ length: 60 }, () => sumJob(bench.prover)));
      // Each is sent to both servers at once.
      const ids = await Promise.all(
        jobs.flatMap((job) =>
          [one, two].map(async (service, at) => {
            const { status, body } = await request(service, tokens[at]!.token, 'POST', '/jobs', job);
            expect([200, 201]).toContain(status);
            return body.id;
          }),
        ),
      );
      expect(new Set(ids).size).toBe(60);
      for (const id of new Set(ids)) expect((await over(two, tokens[1]!.token, id)).state).toBe('done');
      expect([...proofs.values()]).toEqual(Array(60).fill(1));
    });

    it('the database goes down and comes back, with jobs in flight; nothing is lost', async () => {
      const place = await databases.fresh(services.folder);
      const service = await services.start(place);
      const { token } = await service.token('owner', 'secret');
      const ids: string[] = [];
      for (let i = 0; i < 10; i++) ids.push((await submit(service, token)).id);
      await databases.postgres!.crash();
      const refused = await request(service, token, 'POST', '/jobs', await sumJob(bench.prover));
      expect([refused.status, refused.body.error.code]).toEqual([503, 'unavailable']);
      expect((await request(service, token, 'GET', '/readyz')).status).toBe(503);
      expect((await request(service, token, 'GET', '/healthz')).status).toBe(200);
      await sleep(1000);
      await databases.postgres!.start();
      for (const id of ids) {
        for (;;) {
          const { status, body } = await request(service, token, 'GET', `/jobs/${id}?wait=5`);
          if (status === 200 && body.state === 'done') break;
          await sleep(100);
        }
      }
    });
  });
});

describe('a sum of several chunks', () => {
  it('is proven by several agents at once, each chunk by one of them', async () => {
    const service = await services.start(await freshEmbedded(services.folder), { backend: undefined });
    const together = Promise.withResolvers<void>();
    const under = new Set<string>();
    for (const name of ['one', 'two'])
      await agentWith(
        service.queue,
        async (...job) => {
          if (under.add(name).size === 2) together.resolve();
          await together.promise;
          return honest(...job);
        },
        { name },
      );
    const { token, file } = await service.token('prover', 'public', 'operate');
    const { prover, stop } = await openProver(bench.keys, {
      setting: `public:${service.url}`,
      tokenFile: file,
      cacheFolder,
    });
    services.defer(stop);
    const sums = Array.from({ length: 4 }, someVector);
    const totals = await Promise.all(sums.map((sum) => bench.prover.commitment('aggregate', sum)));
    const account = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
    const binding = {
      subject: 'update-sum',
      chainId: 31_337,
      contract: account,
      task: 1n,
      round: 1,
      sender: account,
    } as const;
    const chunks = await proveSum({ prover, onProof: () => {} }, { binding, sums, totals });
    for (const [index, { h, y, digest, proof }] of chunks.entries()) {
      const gamma = gammaOf(binding, { chunk: index, commitment: totals[index]!, h, digest });
      expect(bench.prover.verify(aggregate, { h, gamma, y }, proofFromWords(proof))).toBe(true);
    }
    const { jobs } = (await request(service, token, 'GET', '/jobs')).body;
    expect(jobs.map(({ state, attempts }) => [state, attempts])).toEqual(Array(4).fill(['done', 1]));
    expect(new Set(jobs.map(({ agent }) => agent))).toEqual(new Set(['one', 'two']));
  });
});
