// A program's files as they are run: a copy that is nobody else's, made for one life of it. What is digested is this
// copy, so that no file, link or compiled leftover that changes or lies beside them afterwards is run in their place.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { checkFiles } from './installed.ts';
import type { ProgramModel } from './spec.ts';
import { isBelow } from './visible.ts';

/** A folder for one life of a program. */
export interface Box {
  readonly folder: string;
  /** Erases it, whatever the program has left in it. */
  erase(): Promise<void>;
}

/**
 * Copies a site's files, which must be those of the task.
 * @throws NodeError `input` naming every file that is missing or another one.
 */
export async function packBox(folder: string, model: Pick<ProgramModel, 'files'>): Promise<Box> {
  const own = await realpath(await mkdtemp(join(tmpdir(), 'murmuration-program-')));
  const box = { folder: own, erase: () => erase(own) };
  try {
    for (const part of ['files', 'scratch', 'run', 'dev', 'empty']) await mkdir(join(own, part));
    const files = join(own, 'files');
    // The role works in a folder that may lie below the program's.
    if (isBelow(process.cwd(), folder))
      await mkdir(join(files, relative(folder, process.cwd())), { recursive: true });
    await checkFiles(folder, model, async (name) => {
      const copy = join(files, name);
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(join(folder, name), copy, constants.COPYFILE_FICLONE);
      return copy;
    });
    return box;
  } catch (error) {
    await box.erase();
    throw error;
  }
}

async function erase(folder: string): Promise<void> {
  const gone = () => rm(folder, { recursive: true, force: true });
  // A folder that its owner may not read cannot be emptied until it may; links are not followed.
  await gone().catch(() => promisify(execFile)('chmod', ['-R', 'u+rwx', folder]).then(gone));
}
