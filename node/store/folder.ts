// A content store in a folder: one file a block, spread over 1024 subfolders, written to the side and renamed
// into place. Several processes can share one folder, and a crash at any point leaves whole blocks or none.
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { digestOf } from '../protocol/index.ts';
import { makeFolder, writeAtomically } from '../state/index.ts';
import { addressOf, checkContent, oversized } from './content.ts';
import { diskError, StoreError } from './error.ts';
import type { ContentStore } from './store.ts';

/** How long a half-written file is left alone, in milliseconds: its writer may be another process. */
const abandonedAfter = 60 * 60 * 1000;

/** A store that also tells of its blocks what others ask for. */
export interface FolderStore extends ContentStore {
  /** Bytes of a block; undefined where it is not here. */
  sizeOf(digest: Hex): Promise<number | undefined>;
  /**
   * A part of a block as it lies on the disk, which may have damaged it.
   * @throws StoreError `missing` where the block is not here, or is shorter.
   */
  part(digest: Hex, at: number, length: number): Promise<Uint8Array>;
}

/** Bytes of a block, at most, unless it is said. */
export const defaultMaxBlock = 64 * 2 ** 20;

/** A store in `root`, which is made if absent. @param maxBlock bytes of a block, at most. */
export function createFolderStore(root: string, maxBlock = defaultMaxBlock): FolderStore {
  const aside = join(root, 'unfinished');
  let started = false;

  const place = (digest: Hex) => {
    const cid = addressOf(digest);
    const folder = join(root, cid.slice(-2));
    return { folder, file: join(folder, cid) };
  };

  const missing = (digest: Hex) =>
    new StoreError('missing', `block ${digest}: not in ${root}`, {
      mend: 'Wait until its author has put it there.',
    });

  /**
   * Nothing is missing in a folder that is not there itself: a disk that is not mounted must not make others look as if
   * they had sent nothing, nor take what would be hidden once it is.
   */
  async function checkMounted(): Promise<void> {
    await stat(aside).catch((cause: unknown) => {
      if (!isNoFile(cause)) throw diskError(`folder store ${root}`, cause);
      throw new StoreError('unreachable', `folder store ${root} is gone since it was opened`, {
        mend: 'Mount it, or put it back; it is waited for.',
        cause,
      });
    });
  }

  /** What `use` makes of a block's open file; a failure of the disk within it is the store's. */
  async function withFile<T>(digest: Hex, use: (handle: FileHandle) => Promise<T>): Promise<T> {
    try {
      const handle = await open(place(digest).file, 'r');
      try {
        return await use(handle);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isNoFile(error)) {
        await checkMounted();
        throw missing(digest);
      }
      throw isDiskFault(error) ? diskError(`block ${digest}`, error) : error;
    }
  }

  const read = (digest: Hex, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> =>
    withFile(digest, async (handle) => {
      const { size } = await handle.stat();
      if (size > maxBytes) throw oversized(digest, size, maxBytes);
      return checkContent(digest, await readWhole(handle, size, signal), maxBytes);
    });

  const sizeOf = (digest: Hex): Promise<number | undefined> =>
    stat(place(digest).file).then(
      (found) => (found.isFile() ? found.size : undefined),
      async (error: unknown) => {
        if (!isNoFile(error)) throw diskError(`block ${digest}`, error);
        await checkMounted();
        return undefined;
      },
    );

  function check() {
    if (!started)
      throw new StoreError('unreachable', `folder store ${root}: not started; call start() first`);
  }

  return {
    async start() {
      try {
        await makeFolder(aside);
        for (const name of await readdir(aside)) {
          const file = join(aside, name);
          const left = await stat(file).catch(() => undefined);
          if (left && Date.now() - left.mtimeMs > abandonedAfter) await rm(file, { force: true });
        }
      } catch (error) {
        throw diskError(`folder store ${root}`, error);
      }
      started = true;
    },

    async stop() {
      started = false;
    },

    async put(bytes) {
      check();
      const digest = digestOf(bytes);
      if (bytes.length > maxBlock) throw oversized(digest, bytes.length, maxBlock);
      // A block that is there and whole stays; one that a failing disk has damaged is written anew.
      if (
        await read(digest, maxBlock).then(
          () => true,
          () => false,
        )
      )
        return digest;
      const { folder, file } = place(digest);
      await checkMounted();
      try {
        await makeFolder(folder);
        await writeAtomically(file, bytes, { aside, mode: 0o666 });
      } catch (error) {
        throw diskError(`block ${digest} was not kept in ${root}`, error);
      }
      return digest;
    },

    async get(digest, { maxBytes, signal }) {
      check();
      signal?.throwIfAborted();
      return read(digest, maxBytes, signal);
    },

    async has(digest) {
      check();
      return (await sizeOf(digest)) !== undefined;
    },

    async sizeOf(digest) {
      check();
      return sizeOf(digest);
    },

    async part(digest, at, length) {
      check();
      return withFile(digest, async (handle) => {
        const bytes = new Uint8Array(length);
        if ((await fill(bytes, handle, at)) < length) throw missing(digest);
        return bytes;
      });
    },
  };
}

const isNoFile = (error: unknown): boolean =>
  isDiskFault(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
const isDiskFault = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** Reads a file of that size, which may shrink or grow meanwhile: of one that grows, a byte more and nothing else. */
async function readWhole(handle: FileHandle, size: number, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  const filled = await fill(bytes, handle, 0, signal);
  if (filled < size) return bytes.slice(0, filled);
  const next = new Uint8Array(1);
  return (await fill(next, handle, size, signal)) === 0 ? bytes : Buffer.concat([bytes, next]);
}

/** Fills bytes with those of a file from a place on. @returns how many there are: fewer where the file ends before. */
async function fill(
  bytes: Uint8Array,
  handle: FileHandle,
  at: number,
  signal?: AbortSignal,
): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
