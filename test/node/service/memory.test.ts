// What an agent leaves of a secret in its memory, however a try ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foundIn, marksOf, memoryCanBeRead } from '../../memory.ts';
import { root } from '../../suites/suite.ts';
import { sealedJob, someVector, updateContent, useWorkbench } from './support.ts';

const bench = useWorkbench();

it.skipIf(!memoryCanBeRead)(
  'an agent has no secret in memory once its try is over: proven, failed, or told to end (needs /proc/PID/mem)',
  async () => {
    const vector = someVector();
    const content = await updateContent(bench.prover, vector);
    const contents = [content, { ...content, signals: { ...content.signals, y: 5n } }];
    const sealed = contents.map((each) =>
      Buffer.from(sealedJob(bench.prover, each).sealed, 'base64url').toString('hex'),
    );
    const key = '07'.repeat(32);
    const agent = spawn(
      process.execPath,
      [join(root, 'test/node/service/leaving_agent.ts'), key, ...sealed],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      const [outcomes] = await once(agent.stdout, 'data');
      expect(String(outcomes).trim()).toBe(['proven', 'failed', ...Array(4).fill('handed back')].join(', '));
      // Threads that were left in the middle end by themselves, on a busy machine late; what they hold then is overwritten.
      await expect.poll(() => foundIn(agent.pid!, marksOf(vector)), { interval: 2000 }).toEqual([]);
    } finally {
      agent.kill('SIGKILL');
    }
  },
);
