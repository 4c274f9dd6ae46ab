// Files of rows that somebody has given to the desk: copies on this machine, which leave it with nobody.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type File, fileSchema } from '@murmuration/desk';
import { z } from 'zod';
import { Refusal } from '../../../http/index.ts';
import type { TableSource } from '../../../learn/index.ts';
import { type DocumentForm, diskFault, makeFolder, type State } from '../../../state/index.ts';
import { plainText } from '../market/plain_text.ts';

/** Bytes of a file, at most: as many as a task may allow (`data.maxBytes`). */
export const mostBytes = 500_000_000;
/** Files that are kept. */
const mostFiles = 100;

const form: DocumentForm<readonly File[]> = {
  name: 'files',
  version: 1,
  schema: z.array(fileSchema).readonly(),
};

/** The files that are kept. */
export interface KeptFiles {
  list(): Promise<readonly File[]>;
  /** @throws Refusal `not-found` */
  find(id: string): Promise<File>;
  /** Where its rows lie, for who reads them. */
  source(file: File): TableSource;
  /**
   * Keeps a copy.
   * @param id by which who gives it knows it before it is there; a new one unless given
   * @throws Refusal `too-large`, `too-many`; `not-ready` for an id that is taken
   */
  keep(name: string, bytes: Readable, id?: string): Promise<File>;
  remove(id: string): Promise<void>;
}

export async function openKeptFiles(state: State): Promise<KeptFiles> {
  const folder = join(state.folder, 'rows');
  await makeFolder(folder, 0o700);
  const document = state.document(form);
  const list = async () => (await document.read()) ?? [];
  const pathOf = ({ id }: Pick<File, 'id'>) => join(folder, id);
  return {
    list,
    async find(id) {
      const found = (await list()).find((file) => file.id === id);
      if (!found) throw new Refusal('not-found', `there is no file ${id}`, { mend: 'Give it again.' });
      return found;
    },
    source: (file) => ({
      kind: extname(file.name).toLowerCase() === '.parquet' ? 'parquet' : 'csv',
      file: pathOf(file),
    }),
    async keep(name, bytes, id = randomUUID()) {
      const there = await list();
      if (there.length >= mostFiles)
        throw new Refusal('too-many', `${mostFiles} files are kept`, { mend: 'Remove some.' });
      if (there.some((file) => file.id === id))
        throw new Refusal('not-ready', `file ${id} is there already`, { mend: 'Give it under another id.' });
      const length = await write(pathOf({ id }), bytes);
      const file: File = { id, name: plainText(name, 200), bytes: length };
      await document.update((files = []) => [...files, file]);
      return file;
    },
    async remove(id) {
      await document.update((files = []) => files.filter((file) => file.id !== id));
      await rm(pathOf({ id }), { force: true });
    },
  };
}

/** Writes a stream to a file that only this user reads. @returns its bytes */
async function write(path: string, bytes: Readable): Promise<number> {
  let length = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > mostBytes)
        throw new Refusal('too-large', `the file has more than ${mostBytes} bytes`, {
          mend: 'Take fewer rows or columns.',
        });
      yield chunk;
    }
  };
  try {
    await pipeline(bytes, counted, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    return length;
  } catch (error) {
    await rm(path, { force: true });
    throw error instanceof Refusal ? error : diskFault(path, error);
  }
}
