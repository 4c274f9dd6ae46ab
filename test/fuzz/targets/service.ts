// What a prover service gets: bodies over HTTP, and the contents that its agents open.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MurmurationError } from '@murmuration/core';
import { aggregate, createBackend, createProver, ensureDevelopmentKeys } from '@murmuration/prover';
import { addToken } from '../../../node/service/api/index.ts';
import { decodeContent, encodeContent, writeContent } from '../../../node/service/job/content.ts';
import { sealContent } from '../../../node/service/job/sealing.ts';
import { createServiceKey } from '../../../node/service/job/service_key.ts';
import { startService } from '../../../node/service/serve.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { jsonMutators } from '../mutate/json.ts';
import type { Target } from '../target.ts';

/** The content of a sum, which may be sent in plain. */
async function sumContent() {
  const backend = createBackend({ name: 'wasm', threads: 1, cacheFolder });
  await backend.start();
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  const prover = createProver(keys, backend);
  const vector = { coordinates: new Int32Array(96).fill(3), blinding: [1n, 2n, 3n] } as const;
  const { h } = await prover.commit('aggregate', vector);
  const { y } = await prover.open('aggregate', vector, 5n);
  await backend.stop();
  const claim = { h, gamma: 5n, y };
  const { preset } = prover;
  const content = {
    signals: aggregate.signals(preset, claim),
    inputs: aggregate.secretInputs(preset, claim, vector),
  };
  return { keys, content };
}

const key = createServiceKey(new Uint8Array(32).fill(7));

export const serviceTargets: readonly Target[] = [
  {
    name: 'job-content',
    inputs: 300,
    async prepare() {
      const { content } = await sumContent();
      return {
        codes: ['input', 'witness', 'argument'],
        names: /content|job|point|signal/,
        corpus: [encodeContent(content)],
        read: (input) => decodeContent(input),
      };
    },
  },
  {
    name: 'sealed-content',
    inputs: 300,
    async prepare() {
      const { content, keys } = await sumContent();
      const served = {
        circuit: 'aggregate',
        preset: 'tiny',
        keys: keys.circuit('aggregate').provingKey.sha256,
      } as const;
      const to = { owner: 'me', served };
      const secret = new Uint8Array(32).fill(1);
      return {
        codes: ['input'],
        names: /sealed/,
        corpus: [sealContent(key.sealingKey, to, { content: encodeContent(content), secret })],
        read: (input) => key.open(to, input),
      };
    },
  },
  {
    name: 'http-job',
    inputs: 150,
    async prepare(scratch) {
      const { keys, content } = await sumContent();
      await mkdir(scratch, { recursive: true });
      const tokens = join(scratch, 'tokens.json');
      const token = await addToken(tokens, { name: 'fuzz', scopes: ['secret'] });
      const service = await startService({
        keySets: [keys],
        parallel: 1,
        name: 'fuzz',
        host: '127.0.0.1',
        port: 0,
        version: 'test',
        key,
        tokens,
        database: { kind: 'embedded', folder: join(scratch, 'database') },
        limits: { perMinute: 1_000_000 },
        onEvent: () => undefined,
      });
      const plain = { circuit: 'aggregate', preset: 'tiny', priority: 0, ...writeContent(content) };
      return {
        codes: ['refused'],
        names: /^\d{3} [a-z-]+: \S/,
        mutators: jsonMutators,
        corpus: [new TextEncoder().encode(JSON.stringify(plain))],
        async read(input) {
          const response = await fetch(`${service.url}/jobs`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: new Uint8Array(input),
          });
          const { status } = response;
          const body = (await response.json()) as { error?: { code: string; message: string } };
          if (status < 300) return;
          if (status >= 500 || !body.error) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
          throw new MurmurationError('refused', `${status} ${body.error.code}: ${body.error.message}`);
        },
        close: () => service.stop(0),
      };
    },
  },
];
