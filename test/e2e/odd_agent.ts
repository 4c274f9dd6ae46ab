// An agent whose prover takes its time (`slow`) or never ends (`hangs`): what the test of a farm kills or waits for.
import { setTimeout as sleep } from 'node:timers/promises';
import { createBackend, createProver, ensureDevelopmentKeys } from '@murmuration/prover';
import { servedOf, startAgent } from '../../node/service/agent/index.ts';
import { openServiceKey } from '../../node/service/job/service_key.ts';
import { openQueue } from '../../node/service/serve.ts';
import { cacheFolder } from '../cache_folder.ts';

const [manner, keyFile] = process.argv.slice(2) as ['slow' | 'hangs', string];
const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
const backend = createBackend({ name: 'wasm', threads: 1, cacheFolder });
await backend.start();
const prover = createProver(keys, backend);
const queue = await openQueue(
  {
    database: { kind: 'postgres', url: process.env.DATABASE_URL! },
    key: await openServiceKey(keyFile, { create: false }),
    patience: { proof: 15 },
    onEvent: () => {},
  },
  [keys],
);
await startAgent(queue, {
  name: manner,
  served: servedOf([keys]),
  proverOf: () => ({
    ...prover,
    async prove(statement, request) {
      console.log('proving');
      if (manner === 'hangs') await new Promise(() => {});
      await sleep(3_600_000);
      return prover.prove(statement, request);
    },
  }),
  parallel: 1,
  interval: 100,
  onEvent: () => {},
});
console.log('ready');
