// A content store in a folder: one file a block, spread over 1024 subfolders, written to the side and renamed
// into place. Several processes can share one folder, and a crash at any point leaves whole blocks or none.
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { digestOf } from '../protocol/index.ts';
import { makeFolder, writeAtomically } from '../state/index.ts';
import { addressOf, checkContent, oversized } from './content.ts';
import { StoreError } from './error.ts';
import type { ContentStore } from './store.ts';

/** How long a half-written file is left alone, in milliseconds: its writer may be another process. */
const abandonedAfter = 60 * 60 * 1000;

/** A store in `root`, which is made if absent. @param maxBlock bytes of a block, at most. */
export function createFolderStore(root: string, maxBlock = 64 * 2 ** 20): ContentStore {
  const aside = join(root, 'unfinished');
  let started = false;

  const place = (digest: Hex) => {
    const cid = addressOf(digest);
    const folder = join(root, cid.slice(-2));
    return { folder, file: join(folder, cid) };
  };

  async function read(digest: Hex, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const handle = await open(place(digest).file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT')
        throw new StoreError('missing', `block ${digest}: not in ${root}`, {
          mend: 'Wait until its author has put it there.',
        });
      throw new StoreError('unreachable', `block ${digest}: ${error.message}`, { cause: error });
    });
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw oversized(digest, size, maxBytes);
      return checkContent(digest, await readUpTo(handle, maxBytes, signal), maxBytes);
    } finally {
      await handle.close();
    }
  }

  function check() {
    if (!started)
      throw new StoreError('unreachable', `folder store ${root}: not started; call start() first`);
  }

  return {
    async start() {
      await makeFolder(aside);
      for (const name of await readdir(aside)) {
        const file = join(aside, name);
        const left = await stat(file).catch(() => undefined);
        if (left && Date.now() - left.mtimeMs > abandonedAfter) await rm(file, { force: true });
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
      await makeFolder(folder);
      await writeAtomically(file, bytes, { aside, mode: 0o666 });
      return digest;
    },

    async get(digest, { maxBytes, signal }) {
      check();
      signal?.throwIfAborted();
      return read(digest, maxBytes, signal);
    },

    async has(digest) {
      check();
      return stat(place(digest).file).then(
        (found) => found.isFile(),
        () => false,
      );
    },
  };
}

/** Reads a file that may grow meanwhile, and never more than the limit and one byte of it. */
async function readUpTo(handle: FileHandle, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const bytes = new Uint8Array(Math.min(size, maxBytes) + 1);
  let filled = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === bytes.length) return bytes.slice(0, filled);
  }
}
