// A folder of state: a role's documents and blobs, held by one process, whole through any crash.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeError } from '../errors.ts';
import { makeFolder, removeUnfinished, writeAtomically } from './atomic.ts';
import { diskFault } from './disk_fault.ts';
import { type Document, type DocumentForm, openDocument } from './document.ts';
import { lockFolder } from './lock.ts';
import { createTurns } from './turns.ts';

/** An open folder of state. What its disk fails at is a NodeError `state`, see `diskFault`. */
export interface State {
  readonly folder: string;
  /** A document of this folder: the same file whenever it is asked for. */
  document<T>(form: DocumentForm<T>): Document<T>;
  /** Bytes, such as sealed secrets; undefined if never written. */
  readBytes(name: string): Promise<Uint8Array | undefined>;
  /** Replaces bytes; durable once it resolves. */
  writeBytes(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes bytes, if they are there. */
  removeBytes(name: string): Promise<void>;
  /** Names of the bytes that are there. */
  names(): Promise<string[]>;
  /** Waits for the writes under way and lets go of the folder. Nothing can be read or written after. */
  close(): Promise<void>;
}

/**
 * Opens a folder, made with mode 700 if absent.
 * @throws NodeError `state` while another process, or this one, has it open.
 */
export async function openState(folder: string): Promise<State> {
  await makeFolder(folder, 0o700).catch((error: unknown) => {
    throw diskFault(folder, error);
  });
  const release = lockFolder(folder);
  const turns = createTurns();
  const opened = await stat(folder);
  let open = true;
  try {
    await removeUnfinished(folder);
  } catch (error) {
    release();
    throw diskFault(folder, error);
  }

  function check() {
    if (!open) throw new Error(`state: ${folder} was closed; open it again`);
  }

  /**
   * Whether this is the folder that was opened. One that was moved away, or whose disk is not mounted any more, has
   * nothing in it: what was remembered would be taken for never written.
   */
  async function checkThere(): Promise<void> {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found?.ino === opened.ino && found.dev === opened.dev) return;
    throw new NodeError('state', `${folder} is gone: it was moved or removed, or its disk is not mounted`, {
      mend: 'Put it back, and start again.',
      prospect: 'final',
    });
  }

  function inTurn<T>(file: string, action: () => Promise<T>): Promise<T> {
    check();
    return turns.take(file, async () => {
      try {
        await checkThere();
        return await action();
      } catch (error) {
        throw diskFault(file, error);
      }
    });
  }

  function place(name: string, extension: string): string {
    check();
    if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(name))
      throw new Error(
        `state: name ${JSON.stringify(name)}; lower-case letters, digits and hyphens, at most 100`,
      );
    return join(folder, `${name}${extension}`);
  }

  return {
    folder,

    document(form) {
      const file = place(form.name, '.json');
      return openDocument(file, form, (action) => inTurn(file, action));
    },

    async readBytes(name) {
      const file = place(name, '.bin');
      return inTurn(file, () =>
        readFile(file).then(
          (bytes) => new Uint8Array(bytes),
          (error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOENT') return undefined;
            throw error;
          },
        ),
      );
    },

    async writeBytes(name, bytes) {
      const file = place(name, '.bin');
      await inTurn(file, () => writeAtomically(file, bytes));
    },

    async removeBytes(name) {
      const file = place(name, '.bin');
      await inTurn(file, () => rm(file, { force: true }));
    },

    async names() {
      const suffix = '.bin';
      const all = await inTurn(folder, () => readdir(folder));
      return all.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
    },

    async close() {
      if (!open) return;
      open = false;
      await turns.over();
      release();
    },
  };
}
