// One process to a folder. The lock is a file that names its holder; a lock whose holder is gone is taken
// over.
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { NodeError } from '../errors.ts';

const holderSchema = z.strictObject({
  pid: z.int().positive(),
  /**
   * When the process started, in the kernel's ticks; null where the kernel does not say. It tells two
   * processes of one id apart.
   */
  started: z.string().nullable(),
  host: z.string(),
  token: z.string(),
});

type Holder = z.output<typeof holderSchema>;

/** A guard that is older was left behind: it is held for the time of three system calls. Milliseconds. */
const guardAge = 10_000;

/**
 * Takes the lock of a folder and returns the function that releases it.
 * @throws NodeError `state`, naming the holder, while a living process has the lock.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  const self: Holder = {
    pid: process.pid,
    started: startOf(process.pid),
    host: hostname(),
    token: randomBytes(8).toString('hex'),
  };
  if (!create(file, self)) takeOver(folder, file, self);
  return () => {
    if (holderOf(file)?.token === self.token) rmSync(file, { force: true });
  };
}

/** Writes the lock whole, or not at all: the link fails where there is a lock. */
function create(file: string, holder: Holder): boolean {
  const temporary = `${file}.${holder.token}`;
  try {
    // Flushed before it gets its name: after a power cut, an empty lock would keep everybody out.
    writeFileSync(temporary, JSON.stringify(holder), { flag: 'wx', mode: 0o600, flush: true });
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Replaces a dead holder's lock. Of several processes that find it, one at a time looks again, so that none
 * removes a living one's lock.
 */
function takeOver(folder: string, file: string, self: Holder): void {
  const guard = join(folder, 'lock.guard');
  try {
    if (Date.now() - statSync(guard).mtimeMs > guardAge) rmdirSync(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    mkdirSync(guard);
  } catch {
    throw new NodeError('state', `another process is taking over ${folder}`, { mend: 'Try again.' });
  }
  try {
    const holder = holderOf(file);
    if (holder && isAlive(holder))
      throw new NodeError(
        'state',
        `${folder} is in use by process ${holder.pid} on ${holder.host} (${file} is its lock)`,
        { mend: 'Stop that process, or choose another folder.' },
      );
    rmSync(file, { force: true });
    if (!create(file, self))
      throw new NodeError('state', `another process has just taken ${folder}`, {
        mend: 'Choose another folder.',
      });
  } finally {
    rmdirSync(guard);
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NodeError('state', `${file} is no lock of this program`, {
      mend: 'Remove it if nothing runs there.',
      cause: error,
    });
  }
}

/** Whether the holder still runs. Another machine's process cannot be looked at, so it counts as alive. */
function isAlive({ pid, started, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === null || started === startOf(pid);
}

/**
 * When a process started: field 22 of /proc/PID/stat. The name in field 2 may hold spaces and brackets, so
 * fields are counted from the last bracket. A zombie (killed, but its parent has not asked for its end) runs
 * no more and counts as gone: in a container it may stay for ever.
 */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
