// One process to a folder. The lock is the operating system's, which SQLite takes on an empty file: it holds between
// all processes that see the folder, whatever their namespaces, containers and users, and ends with its process,
// however that ends. No name of a host and no number of a process is believed, so nobody has to remove anything by hand.
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { diskFault } from './disk_fault.ts';

/** Who holds a lock, for people: the process's number in its own namespace. */
const holderSchema = z.object({ pid: z.int().positive(), host: z.string(), since: z.string().optional() });

/** SQLite's code for a lock that another connection has. */
const busy = 5;

/**
 * Takes the lock of a folder and returns the function that releases it.
 * @throws NodeError `state`, naming the holder, while a process has the lock; or where the folder cannot be locked.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw diskFault(folder, error);
  }
  let database: DatabaseSync | undefined;
  try {
    // Nothing else in this process may open this file: the system would take the lock back when that is closed.
    database = new DatabaseSync(join(folder, 'lock.db'));
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw refusal(folder, file, error);
  }
  const locked = database;
  try {
    const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(file, JSON.stringify(holder), { mode: 0o600 });
  } catch (error) {
    locked.close();
    throw diskFault(file, error);
  }
  return () => {
    if (!locked.isOpen) return;
    rmSync(file, { force: true });
    locked.close();
  };
}

function refusal(folder: string, file: string, cause: unknown): NodeError {
  const { errcode = 0, message } = cause as Error & { readonly errcode?: number };
  // The lowest byte is the kind of fault, those above tell more of it.
  if ((errcode & 0xff) !== busy)
    return new NodeError('state', `${folder} cannot be locked: ${message}`, {
      mend: 'Put it on a file system that keeps locks, and check that nothing else lies under the name lock.db.',
      cause,
    });
  return new NodeError('state', `${folder} is in use by ${holderOf(file)}`, {
    mend: 'Stop that process first: two would work against each other with one memory.',
  });
}

/** Who holds the lock, as far as it has said by now. */
function holderOf(file: string): string {
  try {
    const { pid, host, since } = holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return `process ${pid} on ${host}${since === undefined ? '' : ` since ${since}`}`;
  } catch {
    return 'another process';
  }
}
