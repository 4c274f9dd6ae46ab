// A folder of keys is there whole or not at all, whoever makes it at the same time.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeKeyFolder } from '../../../prover/keys/folder.ts';
import type { MultiplierPool } from '../../../prover/keys/pool.ts';

const pool = vi.hoisted(() => ({ started: 0, stopped: 0 }));
vi.mock('../../../prover/keys/pool.ts', () => ({
  startPool: async (): Promise<Partial<MultiplierPool>> => {
    pool.started++;
    return {
      stop: async () => void pool.stopped++,
    };
  },
}));

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-folder-'));
  folder = join(root, 'in', 'keys');
  Object.assign(pool, { started: 0, stopped: 0 });
});
afterEach(async () => {
  // Whatever came of it, no thread and no half-made folder is left.
  expect(pool.stopped).toBe(pool.started);
  expect((await readdir(join(root, 'in'))).filter((name) => name !== 'keys')).toEqual([]);
  await rm(root, { recursive: true });
});
const fill = (text: string) => (scratch: string) => writeFile(join(scratch, 'key'), text);

it('is what was made', async () => {
  await makeKeyFolder(folder, async (scratch, threads) => {
    expect(threads.stop).toBeDefined();
    expect(await readdir(join(root, 'in'))).toHaveLength(1);
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await fill('made')(scratch);
  });
  expect(pool.started).toBe(1);
  expect(await readFile(join(folder, 'key'), 'utf8')).toBe('made');
});

it('is the one of who was faster', async () => {
  await makeKeyFolder(folder, async (scratch) => {
    await makeKeyFolder(folder, fill('first'));
    await fill('second')(scratch);
  });
  expect(await readFile(join(folder, 'key'), 'utf8')).toBe('first');
});

it('is not made where it cannot be, or where making fails', async () => {
  await mkdir(join(root, 'in'));
  await writeFile(folder, 'a file is in its place');
  await expect(makeKeyFolder(folder, fill('made'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await rm(folder);
  const reason = new Error('no key');
  await expect(makeKeyFolder(folder, () => Promise.reject(reason))).rejects.toBe(reason);
  expect(await readdir(join(root, 'in'))).toEqual([]);
});
