// A folder of state: a role's documents and blobs, held by one process, whole through any crash.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, removeUnfinished, writeAtomically } from './atomic.ts';
import { type Document, type DocumentForm, openDocument } from './document.ts';
import { lockFolder } from './lock.ts';
import { createTurns } from './turns.ts';

/** An open folder of state. */
export interface State {
  /** A document of this folder: the same file whenever it is asked for. */
  document<T>(form: DocumentForm<T>): Document<T>;
  /** Bytes, such as sealed secrets; undefined if never written. */
  readBytes(name: string): Promise<Uint8Array | undefined>;
  /** Replaces bytes; durable once it resolves. */
  writeBytes(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes bytes, if they are there. */
  removeBytes(name: string): Promise<void>;
  /** Waits for the writes under way and lets go of the folder. Nothing can be read or written after. */
  close(): Promise<void>;
}

/**
 * Opens a folder, made with mode 700 if absent.
 * @throws NodeError `state` while another process, or this one, has it open.
 */
export async function openState(folder: string): Promise<State> {
  await makeFolder(folder, 0o700);
  const release = lockFolder(folder);
  const turns = createTurns();
  let open = true;
  try {
    await removeUnfinished(folder);
  } catch (error) {
    release();
    throw error;
  }

  function check() {
    if (!open) throw new Error(`state: ${folder} was closed; open it again`);
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
    document: (form) => openDocument(place(form.name, '.json'), form, { turns, check }),

    async readBytes(name) {
      const file = place(name, '.bin');
      return turns.take(file, () =>
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
      await turns.take(file, () => writeAtomically(file, bytes));
    },

    async removeBytes(name) {
      const file = place(name, '.bin');
      await turns.take(file, () => rm(file, { force: true }));
    },

    async close() {
      if (!open) return;
      open = false;
      await turns.over();
      release();
    },
  };
}
