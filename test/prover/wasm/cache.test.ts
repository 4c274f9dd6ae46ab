// Tables on disk, seen by one thread: what comes back is what was saved, and no other bytes are ever taken for tables.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CachePlace, readTables, saveTables } from '../../../prover/wasm/groth16/cache.ts';
import type { KeyLayout } from '../../../prover/wasm/groth16/layout.ts';
import { createKernelMemory } from '../../../prover/wasm/module.ts';

let root: string;
let place: CachePlace;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-cache-'));
  place = { folder: join(root, 'made', 'here'), sha256: 'ab'.repeat(32), kernel: 'integers', levels: 5 };
});
afterEach(() => rm(root, { recursive: true }));

/** A little more than one piece of a file, so that the second is short; a layout is told by its ends and its kernel. */
const [start, end] = [1 << 16, (1 << 16) + (1 << 20) + 24];
const layout = {
  kernel: 'integers',
  start,
  end,
  vectors: { a: { shape: { windows: { offset: 2n ** 253n + 1n } } } },
} as unknown as KeyLayout;

/** A memory whose bytes all differ from their neighbours, beside a key as well. */
function filled() {
  const memory = createKernelMemory(end + 64);
  const bytes = new Uint8Array(memory.buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 167 + (i >> 8)) % 255;
  return memory;
}
const make = () => createKernelMemory(end + 64);
const file = async () => join(place.folder, (await readdir(place.folder))[0]!);

describe('tables', () => {
  it('come back with their layout, the key’s part alone', () => {
    const memory = filled();
    saveTables(place, memory, layout);
    const made = vi.fn(make);
    const read = readTables(place, made)!;
    expect(made.mock.calls).toEqual([[layout]]);
    expect(read.layout).toEqual(layout);
    const [before, after] = [memory, read.memory].map(({ buffer }) => Buffer.from(new Uint8Array(buffer)));
    expect(after!.subarray(start, end).equals(before!.subarray(start, end))).toBe(true);
    for (const beside of [after!.subarray(0, start), after!.subarray(end)]) {
      expect(beside.some((byte) => byte !== 0)).toBe(false);
    }
  });
  it('are found by their key, kernel and levels, and by no other', async () => {
    saveTables(place, filled(), layout);
    for (const other of [{ sha256: 'ba'.repeat(32) }, { kernel: 'pairs' as const }, { levels: 4 }]) {
      expect(readTables({ ...place, ...other }, make)).toBeUndefined();
    }
    // Nor under another's name: the file says whose it is.
    const sha256 = place.sha256.replace(/b$/, 'c');
    expect(readTables({ ...place, sha256 }, make)).toBeUndefined();
    const name = await file();
    await rename(name, name.replace('integers', 'pairs'));
    expect(readTables({ ...place, kernel: 'pairs' }, make)).toBeUndefined();
  });
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut within its magic', (bytes) => bytes.subarray(0, 5)],
    ['of another magic', (bytes) => Buffer.concat([Buffer.from('n'), bytes.subarray(1)])],
    ['without its header', (bytes) => bytes.subarray(0, 25)],
    ['whose header is no JSON', (bytes) => Buffer.from(bytes).fill('x', 23, 27)],
    ['one byte short', (bytes) => bytes.subarray(0, -1)],
    [
      'whose first piece is altered',
      (bytes) => Buffer.from(bytes).fill(255, bytes.length - 1000, bytes.length - 999),
    ],
    ['whose last byte is altered', (bytes) => Buffer.from(bytes).fill(255, bytes.length - 1)],
  ])('are not taken from a file %s', async (_, alter) => {
    saveTables(place, filled(), layout);
    const name = await file();
    await writeFile(name, alter(await readFile(name)));
    expect(readTables(place, make)).toBeUndefined();
  });
  it('have a header of 2^20 bytes at most, and a longer one is not read', async () => {
    saveTables(place, filled(), layout);
    const name = await file();
    const content = Buffer.from([1, 2, 3]);
    const small = { ...layout, start: 64, end: 64 + content.length };
    const sha256 = createHash('sha256').update(content).digest('hex');
    const header = JSON.stringify({ sha256, key: place.sha256, layout: small }, (_, value) =>
      typeof value === 'bigint' ? undefined : value,
    );
    const read = async (length: number) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(length);
      const magic = Buffer.from('murmuration-tables\n');
      await writeFile(name, Buffer.concat([magic, head, Buffer.from(header.padEnd(length)), content]));
      return readTables(place, make);
    };
    expect((await read(1 << 20))?.layout).toMatchObject({ start: 64, end: 67 });
    expect(await read((1 << 20) + 1)).toBeUndefined();
  });
  it('are a file that is whole or not there, and one that cannot be written leaves nothing behind', async () => {
    saveTables(place, filled(), layout);
    const name = await file();
    expect(await readdir(place.folder)).toEqual([
      expect.stringMatching(/^(?:ab){16}-integers-5-v\d+\.tables$/),
    ]);
    await rm(name);
    // Where the file belongs stands a folder.
    await mkdir(join(name, 'in the way'), { recursive: true });
    expect(() => saveTables(place, filled(), layout)).toThrow();
    expect(await readdir(place.folder)).toHaveLength(1);
    expect(readTables(place, make)).toBeUndefined();
  });
  it.runIf(process.platform === 'linux')('leave no file open, saved or read or refused', async () => {
    const openFiles = async () => (await readdir('/proc/self/fd')).length;
    const handle = await open(root, 'r');
    await handle.close();
    const before = await openFiles();
    for (let i = 0; i < 5; i++) saveTables(place, filled(), layout);
    expect(await openFiles()).toBeLessThan(before + 5);
    for (let i = 0; i < 5; i++) {
      readTables(place, make);
      readTables(place, () => {
        throw new RangeError('out of memory');
      });
    }
    expect(await openFiles()).toBeLessThan(before + 5);
  });
});
