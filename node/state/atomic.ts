// A file that is always whole. It is written to the side, synced, moved into place, and the folder synced, so
// that a crash or a power cut at any point leaves the old bytes or the new ones.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

const suffix = '.unfinished';

/** How a file is written. */
export interface AtomicOptions {
  /** The folder of the half-written file, on the same disk; the file's own unless given. */
  readonly aside?: string;
  /** The file's permissions; its owner alone may read it unless they are given. */
  readonly mode?: number;
  /** Refuses, with `EEXIST`, to replace a file that is there. */
  readonly create?: boolean;
}

/** Writes a file whole; durable once it resolves. */
export async function writeAtomically(
  file: string,
  bytes: Uint8Array | string,
  { aside, mode = 0o600, create = false }: AtomicOptions = {},
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(aside ?? folder, `${basename(file)}.${randomBytes(6).toString('hex')}${suffix}`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link, unlike a rename, never replaces a file, and leaves the one to the side.
    if (create) {
      await link(temporary, file);
      await rm(temporary, { force: true });
    } else await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * Makes a folder's names durable: those of files that were moved into it, and of folders that were made in
 * it.
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a folder with those above it, durable once it resolves: a power cut must not take it away with all
 * that is in it.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode }).catch(async (error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? await reasonBehind(error, folder) : error;
  });
  if (first === undefined) return;
  const above = dirname(resolve(first));
  for (let at = resolve(folder); at !== above; at = dirname(at)) await syncFolder(dirname(at));
}

/** Node says that a folder is missing where the disk refuses to make it: the lowest one that is missing has the reason. */
async function reasonBehind(error: Error, folder: string): Promise<unknown> {
  let at = resolve(folder);
  while (!(await exists(dirname(at)))) at = dirname(at);
  return mkdir(at).then(
    () => error,
    (reason: unknown) => reason,
  );
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Removes what a crash left half-written. Only for a folder that no other process writes to. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.endsWith(suffix)) await rm(join(folder, name), { force: true });
}
