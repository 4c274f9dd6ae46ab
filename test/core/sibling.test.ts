// Threads come with what their process has, and without its flags.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-sibling-'));
  await writeFile(
    join(folder, 'thread.mjs'),
    `import { getCompileCacheDir } from 'node:module';
     import { parentPort, workerData } from 'node:worker_threads';
     const { execArgv } = process;
     parentPort.postMessage({ workerData, cache: getCompileCacheDir(), flags: execArgv, kept: process.env.KEPT });`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** What a thread of a process says of itself, and where that process keeps compiled modules. */
async function thread(before: string): Promise<{ told: Record<string, unknown>; own: string | null }> {
  const script = `
    import { enableCompileCache, getCompileCacheDir } from 'node:module';
    import { once } from 'node:events';
    import { startSibling } from ${JSON.stringify(new URL('../../core/sibling.ts', import.meta.url).href)};
    ${before}
    const worker = startSibling(${JSON.stringify(pathToFileURL(join(folder, 'main.mjs')).href)}, 'thread', [1, 2]);
    const [told] = await once(worker, 'message');
    console.log(JSON.stringify({ told, own: getCompileCacheDir() ?? null }));`;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const flags = ['--no-warnings', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env: { ...env, KEPT: 'yes' } });
  return JSON.parse(stdout);
}

it('has the cache of compiled modules of its process, the environment, and none of the flags', async () => {
  const { told, own } = await thread(`enableCompileCache(${JSON.stringify(join(folder, 'modules'))});`);
  expect(own).toContain(join(folder, 'modules'));
  expect(told).toEqual({ workerData: [1, 2], cache: own, flags: [], kept: 'yes' });
});
it('has no cache where its process has none', async () => {
  const { told, own } = await thread('');
  expect(own).toBeNull();
  expect(told).toEqual({ workerData: [1, 2], flags: [], kept: 'yes' });
});
