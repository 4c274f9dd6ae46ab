// An agent's tries of secret jobs that end in every way, one after the other; then it waits to have its memory searched. The
// database is a stand-in: whatever is asked of it goes well.
import { createBackend, createProver, ensureDevelopmentKeys, type Prover } from '@murmuration/prover';
import { attempt } from '../../../node/service/agent/attempt.ts';
import { createServiceKey } from '../../../node/service/job/service_key.ts';
import { type Claim, defaultPatience, type QueueContext } from '../../../node/service/queue/index.ts';
import { cacheFolder } from '../../cache_folder.ts';

const [key, good, bad] = process.argv.slice(2).map((hex) => Buffer.from(hex, 'hex')) as [
  Buffer,
  Buffer,
  Buffer,
];
const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
const backend = createBackend({ name: 'wasm', threads: 1, cacheFolder });
await backend.start();
const prover = createProver(keys, backend);

const well = new Proxy({}, { get: () => async () => [{}] });
const database = {
  boss: well,
  query: async () => [{}],
  transaction: (work: (session: object) => unknown) => work({ executeSql: async () => ({ rows: [] }) }),
};
const queue = { database, key: createServiceKey(key), patience: defaultPatience } as unknown as QueueContext;
const row = {
  id: 'job',
  owner: 'owner',
  circuit: 'update',
  preset: 'tiny',
  keys: keys.circuit('update').provingKey.sha256,
  secret: true,
  deadline: null,
};

/** One try, which is told to end at a stage. */
async function tryOnce(sealed: Uint8Array, stop?: string): Promise<string> {
  const ending = new AbortController();
  const prove: Prover['prove'] = (statement, request) =>
    prover.prove(statement, {
      ...request,
      onProgress(stage) {
        // Once the thread has its work.
        if (stage === stop) setImmediate(() => ending.abort(new Error('over')));
      },
    });
  const context = {
    queue,
    prover: { ...prover, prove },
    ending: ending.signal,
    grace: 10_000,
    fault: () => undefined,
  };
  const claim = { row, sealed, turn: { id: 'job', retryCount: 0 } } as unknown as Claim;
  const outcome = await attempt(context, claim);
  return outcome.how;
}

const outcomes: string[] = [];
const tries = [
  [good],
  [bad],
  [good, 'queued'],
  [good, 'proving'],
  [good, 'witness'],
  [good, 'witness'],
] as const;
for (const [sealed, stop] of tries) outcomes.push(await tryOnce(sealed, stop));
console.log(outcomes.join(', '));
setInterval(() => undefined, 60_000);
