// The one client of roles: in this process and at a service, under one suite; and what it never gives away.
import { createServer } from 'node:http';
import { aggregate, update } from '@murmuration/prover';
import { describe, expect, it } from 'vitest';
import { openProver, type SendingHearer } from '../../../node/service/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { complianceSuite } from './compliance.ts';
import { onEachDatabase, sumOf, testKey, updateOf, useServices, useWorkbench } from './support.ts';

const bench = useWorkbench();
const services = useServices(bench);

async function open(setting: string, tokenFile?: string, say?: (text: string) => void) {
  const { prover, stop } = await openProver(bench.keys, { setting, tokenFile, cacheFolder, say });
  services.defer(stop);
  return prover;
}

describe('a prover in this process', () => {
  complianceSuite(() => open('wasm'));
});

describe('a prover at a service', () => {
  onEachDatabase((databases) => {
    complianceSuite(async () => {
      const service = await services.start(await databases.fresh(services.folder));
      const { file } = await service.token('trainer', 'secret');
      return open(`in-house:${service.url}`, file);
    });
  });

  /** A service that answers what it likes, but how to seal; counts the jobs that it gets. */
  async function strange(answer: (path: string, body: string) => unknown, status = 200) {
    const got: string[] = [];
    const server = createServer((incoming, outgoing) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', () => {
        const sealing = incoming.url === '/sealing';
        if (!sealing) got.push(body);
        outgoing.writeHead(sealing ? 200 : status, { 'content-type': 'application/json' });
        outgoing.end(
          JSON.stringify(sealing ? { owner: 'me', key: sealingKey } : answer(incoming.url!, body)),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    services.defer(async () => {
      server.closeAllConnections();
      server.close();
    });
    const folder = await services.folder();
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${folder}/token`, 'any');
    return {
      got,
      url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
      file: `${folder}/token`,
    };
  }

  const sealingKey = Buffer.from(testKey.sealingKey).toString('hex');
  const now = new Date().toISOString();
  const job = {
    id: '00000000-0000-8000-8000-000000000000',
    circuit: 'update',
    preset: 'tiny',
    keys: 'ab',
    secret: true,
    state: 'done',
    stage: '',
    priority: 0,
    deadline: null,
    attempts: 1,
    agent: 'x',
    reason: null,
    created: now,
    started: now,
    finished: now,
  };

  it('hands out no proof that does not hold, whatever the service says', async () => {
    const local = await open('wasm');
    const other = await local.prove(update, await updateOf(local));
    const { writeProof } = await import('../../../node/service/job/proof.ts');
    const { url, file } = await strange((path) =>
      path.endsWith('/proof')
        ? { proof: writeProof(other.proof), publicSignals: ['1'], witnessMs: 1, proveMs: 1, engine: 'lie' }
        : job,
    );
    const prover = await open(`in-house:${url}`, file);
    const refused = prover.prove(update, await updateOf(prover));
    await expect(refused).rejects.toThrow(/does not hold/);
  });

  it('sends a public service sums alone: what is secret is proven here', async () => {
    const { url, file, got } = await strange(() => ({ ...job, state: 'failed' }));
    const prover = await open(`public:${url}`, file);
    const mine = await updateOf(prover);
    const { proof } = await prover.prove(update, mine);
    expect(prover.verify(update, mine.claim, proof)).toBe(true);
    expect(got).toEqual([]);
    await expect(prover.prove(aggregate, await sumOf(prover))).rejects.toThrow(/failed/);
    expect(got).toHaveLength(1);
  });

  it('tells of a job before it is sent, and sends none that must not leave', async () => {
    const { url, file, got } = await strange(() => ({ ...job, state: 'failed' }));
    const said: { circuit: string; to: string; body: string; sent: number }[] = [];
    const sending: SendingHearer = async ({ circuit, to, body }) => {
      said.push({ circuit, to, body: new TextDecoder().decode(body), sent: got.length });
      return () => undefined;
    };
    const place = { setting: `in-house:${url}`, tokenFile: file, cacheFolder };
    const { prover, stop } = await openProver(bench.keys, { ...place, sending });
    services.defer(stop);
    await expect(prover.prove(update, await updateOf(prover))).rejects.toThrow(/failed/);
    expect(said).toEqual([{ circuit: 'update', to: url, body: got[0], sent: 0 }]);
    const full: SendingHearer = () => Promise.reject(new Error('the log is full'));
    const silent = await openProver(bench.keys, { ...place, sending: full });
    services.defer(silent.stop);
    await expect(silent.prover.prove(update, await updateOf(prover))).rejects.toThrow(/the log is full/);
    expect(got).toHaveLength(1);
  });

  const refusal = (code: string) => ({ error: { code, message: 'no agent serves tiny.update' } });

  it('proves itself what the service would not have in time, and says why', async () => {
    const { url, file, got } = await strange(() => refusal('too-late'), 422);
    const said: string[] = [];
    const prover = await open(`in-house:${url}`, file, (text) => said.push(text));
    const mine = await updateOf(prover);
    const deadline = new Date(Date.now() + 60_000);
    const { proof } = await prover.prove(update, { ...mine, deadline });
    expect(prover.verify(update, mine.claim, proof)).toBe(true);
    expect(JSON.parse(got[0]!).deadline).toBe(deadline.toISOString());
    expect(said).toEqual([expect.stringMatching(/^proves update itself: .*no agent serves tiny\.update/)]);

    // What nobody could have in time, and what is refused for another reason, is not proven anywhere.
    const passed = prover.prove(update, { ...mine, deadline: new Date(Date.now() - 1) });
    await expect(passed).rejects.toMatchObject({ kind: 'too-late' });
    const other = await strange(() => refusal('forbidden'), 403);
    const refused = (await open(`in-house:${other.url}`, other.file)).prove(update, { ...mine, deadline });
    await expect(refused).rejects.toMatchObject({ kind: 'forbidden' });
    expect(said).toHaveLength(1);
  });

  it.each([
    ['in-house:http://example.org', /unencrypted/],
    ['in-house:https://me:secret@127.0.0.1', /holds a user/],
    ['public:nonsense', /it is a URL/],
    ['in-house:http://127.0.0.1:1', /needs a token/],
    ['service:http://127.0.0.1:1', /the prover is/],
  ])('does not take the setting %s', async (setting, message) => {
    await expect(openProver(bench.keys, { setting, cacheFolder })).rejects.toThrow(message);
  });
});
