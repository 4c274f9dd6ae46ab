// Contents of several tasks on one disk: they stay until the appeals of their task are over, and go when room is needed.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTaskContents, type TaskContents } from '../../../node/store/index.ts';

let root: string;
let time: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-contents-'));
  time = 1000;
});
afterEach(() => rm(root, { recursive: true }));

const block = (size = 1000) => new Uint8Array(randomBytes(size));

/** The contents of a task, of which all together may take 10,000 bytes, started. */
async function contentsOf(task: number): Promise<TaskContents> {
  const made = createTaskContents({ root, scope: `31337/0xabc/${task}`, limit: 10_000, now: () => time });
  await made.start();
  return made;
}

const fill = async (contents: TaskContents, blocks: number) => {
  for (let i = 0; i < blocks; i++) await contents.put(block());
};

const tasks = async () => (await readdir(root)).map((name) => name.split('-').at(-1)).sort();

describe('contents of tasks', () => {
  it('whose appeals are over go when another task needs their room, the oldest one first, and no sooner', async () => {
    const [first, second, third, now] = await Promise.all([1, 2, 3, 4].map(contentsOf));
    await fill(first!, 3);
    await fill(second!, 3);
    await fill(third!, 3);
    await second!.keepUntil(500n);
    await first!.keepUntil(800n);
    await third!.keepUntil(2000n);
    await fill(now!, 1);
    // The files that say until when take some bytes, too.
    expect(await tasks()).toEqual(['1', '2', '3', '4'].filter((task) => task !== '2'));
    await fill(now!, 3);
    expect(await tasks()).toEqual(['3', '4']);
    // The third task's appeals are not over, and its contents stay: the store is full instead.
    await fill(now!, 2);
    await expect(now!.put(block())).rejects.toMatchObject({ name: 'StoreError', reason: 'full' });
    expect(await tasks()).toEqual(['3', '4']);
    time = 2001;
    await now!.put(block());
    expect(await tasks()).toEqual(['4']);
  });

  it('stay where nobody has said how long, and where they are the ones that are put', async () => {
    const [kept, own] = await Promise.all([1, 2].map(contentsOf));
    await fill(kept!, 4);
    await fill(own!, 5);
    await own!.keepUntil(0n);
    await expect(own!.put(block(2000))).rejects.toMatchObject({
      reason: 'full',
      mend: expect.stringContaining('--disk'),
    });
    expect(await tasks()).toEqual(['1', '2']);
  });

  it('are counted with what other processes put', async () => {
    const [a, b] = await Promise.all([contentsOf(1), contentsOf(1)]);
    await fill(a!, 5);
    await fill(b!, 5);
    await expect(fill(a!, 5)).rejects.toMatchObject({ reason: 'full' });
  });

  it('are there after a restart', async () => {
    const digest = await (await contentsOf(1)).put(block());
    expect((await (await contentsOf(1)).get(digest, { maxBytes: 1000 })).length).toBe(1000);
  });
});
