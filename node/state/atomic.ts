// A file that is always whole: written to the side, synced, renamed into place, and the folder synced, so that a crash or a power
// cut at any point leaves the old bytes or the new ones.
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const suffix = '.unfinished';

/** Replaces the contents of a file; durable once it resolves. Only its owner can read the file. */
export async function writeAtomically(file: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `${basename(file)}.${randomBytes(6).toString('hex')}${suffix}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what a crash left half-written. Only for a folder that no other process writes to. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.endsWith(suffix)) await rm(join(folder, name), { force: true });
}
