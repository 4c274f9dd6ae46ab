// What reaches the disk, and in which order: a power cut between any two steps must leave the old file or the
// new one.
import { mkdtempSync, rmSync } from 'node:fs';
import type { FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { makeFolder, writeAtomically } from '../../../node/state/index.ts';

const { steps } = vi.hoisted(() => ({ steps: [] as string[] }));

/** The real file system; what is asked of it is noted in `steps`. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const noted: typeof open = async (path, ...rest) => {
    const handle = await real.open(path, ...rest);
    const sync = handle.sync.bind(handle);
    const write = handle.writeFile.bind(handle);
    handle.sync = async () => {
      steps.push(`sync ${nameOf(path)}`);
      await sync();
    };
    handle.writeFile = (async (...args: Parameters<FileHandle['writeFile']>) => {
      steps.push(`write ${nameOf(path)}`);
      await write(...args);
    }) as FileHandle['writeFile'];
    return handle;
  };
  return {
    ...real,
    open: noted,
    async rename(from: string, to: string) {
      steps.push(`rename ${nameOf(from)} to ${nameOf(to)}`);
      await real.rename(from, to);
    },
    async link(from: string, to: string) {
      steps.push(`link ${nameOf(from)} to ${nameOf(to)}`);
      await real.link(from, to);
    },
  };
});

/** A path's last name; that of a half-written file without its random part. */
const nameOf = (path: unknown) => basename(String(path)).replace(/\.[0-9a-f]{12}\.unfinished$/, ' aside');

const folder = mkdtempSync(join(tmpdir(), 'durable-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  steps.length = 0;
});

it('a file is on the disk before it gets its name, and its name before the write resolves', async () => {
  await writeAtomically(join(folder, 'file'), 'bytes');
  expect(steps).toEqual([
    'write file aside',
    'sync file aside',
    'rename file aside to file',
    `sync ${basename(folder)}`,
  ]);
});

it('a file that must not replace another one likewise', async () => {
  await writeAtomically(join(folder, 'other'), 'bytes', { create: true });
  expect(steps).toEqual([
    'write other aside',
    'sync other aside',
    'link other aside to other',
    `sync ${basename(folder)}`,
  ]);
});

it('a folder that is made is on the disk with every one above it that was made', async () => {
  await makeFolder(join(folder, 'a', 'b'));
  expect(steps).toEqual(['sync a', `sync ${basename(folder)}`]);
});
