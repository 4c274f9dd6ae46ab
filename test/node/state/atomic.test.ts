// The one way in which files are written: whole or not at all, for whom they are meant, and nothing left
// beside them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeFolder, writeAtomically } from '../../../node/state/index.ts';

const root = mkdtempSync(join(tmpdir(), 'atomic-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'x-'));
  file = join(folder, 'file');
});

describe('a file', () => {
  it('is replaced, and read by its owner alone', async () => {
    await writeAtomically(file, 'old');
    await writeAtomically(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('can be half-written in another folder, and be for others too', async () => {
    const aside = join(folder, 'aside');
    mkdirSync(aside);
    await writeAtomically(file, 'bytes', { aside, mode: 0o644 });
    expect(statSync(file).mode & 0o400).toBe(0o400);
    expect(readdirSync(aside)).toEqual([]);
  });

  it('that must not be there yet is not replaced', async () => {
    await writeAtomically(file, 'first', { create: true });
    await expect(writeAtomically(file, 'second', { create: true })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('that cannot be written stays as it was, with nothing beside it', async () => {
    await writeAtomically(file, 'old');
    await expect(writeAtomically(file, 'new', { aside: join(folder, 'nowhere') })).rejects.toThrow('ENOENT');
    // A folder cannot be replaced by a file: the last step fails.
    await expect(writeAtomically(folder, 'new', { aside: root })).rejects.toThrow();
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(root).every((name) => name.startsWith('x-'))).toBe(true);
  });
});

it('is on the disk before it takes the old one’s place, and so is its name after that', async () => {
  await writeAtomically(file, 'old');
  const handle = await open(file);
  const handles = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const synced: [kind: string, bytes: string][] = [];
  const sync = vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handle) {
    const isFolder = (await this.stat()).isDirectory();
    synced.push([isFolder ? 'folder' : 'file', readFileSync(file, 'utf8')]);
    return this.datasync();
  });
  try {
    await writeAtomically(file, 'new');
  } finally {
    sync.mockRestore();
  }
  // A rename may reach the disk before the bytes do: a power cut would then leave an empty file in place of the old one.
  expect(synced).toEqual([
    ['file', 'old'],
    ['folder', 'new'],
  ]);
});

it('a folder is made with those above it, and again', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await makeFolder(deep, 0o700);
  await makeFolder(deep, 0o700);
  expect(statSync(deep).mode & 0o777).toBe(0o700);
});
