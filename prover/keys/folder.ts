// Folders of keys that are made: a scratch folder that is renamed at the end, so that no half-made folder is ever found.
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { type MultiplierPool, startPool } from './pool.ts';

/** Lets `make` fill a folder, with threads that multiply. Several processes may make the same folder at once. */
export async function makeKeyFolder(
  folder: string,
  make: (scratch: string, pool: MultiplierPool) => Promise<void>,
): Promise<void> {
  const scratch = `${folder}.${randomUUID()}.partial`;
  await mkdir(scratch, { recursive: true });
  const pool = await startPool();
  try {
    await make(scratch, pool);
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its folder has the same content.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await pool.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}
