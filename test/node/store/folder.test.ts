// The folder store: the suite, and what only a folder can suffer: other processes, crashes, damage.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cidOf, digestOf, digestOfCid } from '../../../node/protocol/index.ts';
import { createFolderStore } from '../../../node/store/index.ts';
import { compliance } from './compliance.ts';

const run = (file: string, ...args: string[]) => promisify(execFile)(file, args);

const module = JSON.stringify(new URL('../../../node/store/index.ts', import.meta.url).href);

compliance('a store in a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'murmuration-store-'));
  // A disk of 8 MiB, where this process may mount one: it can be filled, and closed.
  const isOwnDisk = await run('mount', '-t', 'tmpfs', '-o', 'size=8m', 'none', root).then(
    () => true,
    () => false,
  );
  const fileOf = (digest: `0x${string}`) => join(root, cidOf(digest).slice(-2), cidOf(digest));
  /** Puts something else in the place of a block, until it is put back. */
  async function inPlaceOf(digest: `0x${string}`, other: (file: string) => Promise<unknown>) {
    const file = fileOf(digest);
    const bytes = await readFile(file);
    await rm(file);
    await other(file);
    return async () => {
      await rm(file, { recursive: true });
      await writeFile(file, bytes);
    };
  }
  return {
    store: createFolderStore(root),
    replace: (digest, bytes) => writeFile(fileOf(digest), bytes),
    breaks: (digest) => inPlaceOf(digest, mkdir),
    async stalls(digest) {
      const undo = await inPlaceOf(digest, (file) => run('mkfifo', file));
      return async () => {
        // The reader that hangs is let go.
        await (await open(fileOf(digest), 'r+')).close();
        await undo();
      };
    },
    ...(isOwnDisk && {
      async fills() {
        const filler = join(root, 'filler');
        await writeFile(filler, Buffer.alloc(8 * 2 ** 20)).catch((error) =>
          expect(error.code).toBe('ENOSPC'),
        );
        return () => rm(filler);
      },
      async closes() {
        await run('mount', '-o', 'remount,ro', root);
        return async () => void (await run('mount', '-o', 'remount,rw', root));
      },
    }),
    async clean() {
      if (isOwnDisk) await run('umount', root);
      await rm(root, { recursive: true });
    },
  };
});

/** A block of its own for each number. */
const bytes = (number: number) => new TextEncoder().encode(`block ${number}`);

describe('a folder', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'murmuration-store-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('is written anew where the disk has damaged it', async () => {
    const store = createFolderStore(root);
    await store.start();
    const bytes = new TextEncoder().encode('a block');
    const digest = await store.put(bytes);
    await writeFile(join(root, cidOf(digest).slice(-2), cidOf(digest)), 'another');
    await expect(store.get(digest, { maxBytes: 10 })).rejects.toThrow('what came back');
    await store.put(bytes);
    expect(await store.get(digest, { maxBytes: 10 })).toEqual(bytes);
  });

  it('that is gone says so, not that a block is missing, and takes none until it is back', async () => {
    const root = await mkdtemp(join(tmpdir(), 'murmuration-store-'));
    const store = createFolderStore(root);
    await store.start();
    const digest = await store.put(bytes(1));
    await rename(root, `${root}-away`);
    // What a mount point is while nothing is mounted there.
    await mkdir(root);
    for (const use of [
      () => store.get(digest, { maxBytes: 1000 }),
      () => store.has(digest),
      () => store.put(bytes(2)),
    ])
      await expect(use()).rejects.toMatchObject({ reason: 'unreachable', prospect: 'passing' });
    expect(await readdir(root)).toEqual([]);
    await rm(root, { recursive: true });
    await rename(`${root}-away`, root);
    expect(await store.get(digest, { maxBytes: 1000 })).toEqual(bytes(1));
    await expect(store.get(digestOf(bytes(2)), { maxBytes: 1000 })).rejects.toMatchObject({
      reason: 'missing',
    });
    await rm(root, { recursive: true });
  });

  it('holds blocks up to its limit', async () => {
    const store = createFolderStore(root, 100);
    await store.start();
    await store.put(new Uint8Array(100));
    await expect(store.put(new Uint8Array(101))).rejects.toThrow('at most 100');
  });

  it('loses what was left half-written long ago, not what another process is writing', async () => {
    const store = createFolderStore(root);
    await store.start();
    const aside = join(root, 'unfinished');
    await writeFile(join(aside, 'old'), 'x');
    await utimes(join(aside, 'old'), 1, 1);
    await writeFile(join(aside, 'new'), 'x');
    await store.start();
    expect(await readdir(aside)).toEqual(['new']);
    await rm(join(aside, 'new'));
  });

  it('is shared by processes that put the same blocks at the same time', async () => {
    const program = `
      const { createFolderStore } = await import(${module});
      const store = createFolderStore(${JSON.stringify(root)});
      await store.start();
      for (let i = 0; i < 40; i++) await store.put(new Uint8Array(2000).fill(i));`;
    const write = () => run(process.execPath, '--input-type=module', '-e', program);
    await Promise.all([write(), write(), write()]);
    const store = createFolderStore(root);
    await store.start();
    for (let i = 0; i < 40; i++) {
      const bytes = new Uint8Array(2000).fill(i);
      expect(await store.get(digestOf(bytes), { maxBytes: 2000 })).toEqual(bytes);
    }
    expect(await readdir(join(root, 'unfinished'))).toEqual([]);
  });

  it('has whole blocks or none after its writer is killed, wherever that was', async () => {
    const program = `
      const { createFolderStore } = await import(${module});
      const store = createFolderStore(${JSON.stringify(root)});
      await store.start();
      for (let i = 0; ; i++) {
        const bytes = new Uint8Array(300_000).fill(i % 251);
        new DataView(bytes.buffer).setUint32(0, Number(process.pid) * 1000 + i);
        console.log(await store.put(bytes));
      }`;
    const store = createFolderStore(root);
    await store.start();
    for (let round = 0; round < 3; round++) {
      const writer = spawn(process.execPath, ['--input-type=module', '-e', program]);
      let text = '';
      writer.stdout.on('data', (data) => {
        text += data;
        if (text.split('\n').length > 4 + round) writer.kill('SIGKILL');
      });
      await new Promise((resolve) => writer.on('close', resolve));
      // What the writer was told is kept, is kept; and no file under a block's name is anything else.
      for (const digest of text.split('\n').slice(0, -1))
        expect((await store.get(digest as `0x${string}`, { maxBytes: 300_000 })).length).toBe(300_000);
    }
    const folders = (await readdir(root)).filter((name) => name !== 'unfinished');
    for (const folder of folders)
      for (const name of await readdir(join(root, folder))) {
        await store.get(digestOfCid(name), { maxBytes: 300_000 });
      }
  });
});

describe('a content address', () => {
  // The address of the empty raw block, as published with IPFS.
  it('is CIDv1, raw, sha2-256, in base32', () => {
    expect(cidOf(digestOf(new Uint8Array(0)))).toBe(
      'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    );
  });
});
