// The contents of tasks on this machine's disk: a folder for each task, and a limit for all of them together. A task's
// contents stay as long as somebody may ask for them, until its appeals are over; then they are garbage, which goes,
// the oldest first, when a task needs its room.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../state/index.ts';
import { diskError, StoreError } from './error.ts';
import { createFolderStore, type FolderStore } from './folder.ts';

/** In a task's folder: when its contents may go, in seconds since 1970. */
const untilFile = 'until';

/** Counts of all contents while as many bytes are put as are allowed. */
const recounts = 20;

/** The contents of one task. */
export interface TaskContents extends FolderStore {
  /** Says when its appeals are over: seconds since 1970. Until it is said, its contents stay. */
  keepUntil(time: bigint): Promise<void>;
}

/** Where the contents of a task lie. */
export interface TaskContentsPlace {
  /** The folder of all tasks. */
  readonly root: string;
  /** Of the task; any two tasks have two of them. */
  readonly scope: string;
  /** Bytes of all tasks' contents together, at most. */
  readonly limit: number;
  /** Seconds since 1970; this machine's clock unless given. */
  readonly now?: () => number;
}

/** The contents of a task, in a folder store of their own. */
export function createTaskContents(place: TaskContentsPlace): TaskContents {
  const { root, scope, limit, now = () => Date.now() / 1000 } = place;
  const name = scope.replaceAll('/', '-');
  const folder = join(root, name);
  const blocks = createFolderStore(folder);
  /** As it was counted last, and what this process has put since. */
  let used = 0;
  let since = Number.POSITIVE_INFINITY;

  /** Counts, and removes garbage until the bytes fit. @throws StoreError `full` where what has to stay is too much. */
  async function makeRoom(bytes: number): Promise<void> {
    [used, since] = [await bytesBelow(root), 0];
    if (used + bytes <= limit) return;
    for (const garbage of await garbageIn(root, now())) {
      if (garbage === name) continue;
      await rm(join(root, garbage), { recursive: true, force: true });
      used = await bytesBelow(root);
      if (used + bytes <= limit) return;
    }
    throw new StoreError(
      'full',
      `contents in ${root} take ${used} bytes, but ${limit} are allowed, and ${bytes} more are needed`,
      { mend: 'Raise the limit with --disk, or remove folders of tasks that nobody asks for any more.' },
    );
  }

  return {
    ...blocks,

    async put(bytes) {
      // Other processes put, too, so it is counted again from time to time.
      if (since > limit / recounts || used + since + bytes.length > limit) await makeRoom(bytes.length);
      const digest = await blocks.put(bytes);
      since += bytes.length;
      return digest;
    },

    async keepUntil(time) {
      try {
        await writeAtomically(join(folder, untilFile), String(time), { mode: 0o666 });
      } catch (error) {
        throw diskError(`the time until which ${folder} stays`, error);
      }
    },
  };
}

/** Folders of tasks whose contents may go, those that might have gone first before the others. */
async function garbageIn(root: string, now: number): Promise<string[]> {
  const found: { name: string; until: number }[] = [];
  for (const name of await readdir(root)) {
    const text = await readFile(join(root, name, untilFile), 'utf8').catch(() => '');
    if (/^\d{1,15}$/.test(text) && Number(text) < now) found.push({ name, until: Number(text) });
  }
  return found.sort((a, b) => a.until - b.until).map(({ name }) => name);
}

/** Bytes of all files below a folder. What goes while it is counted counts as nothing. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
