// Files that users hand in, read with their name in every fault.
import { readFile } from 'node:fs/promises';
import { UserError } from './errors.ts';

/** A JSON file, with or without a byte order mark. @throws UserError naming the file where it is none. */
export async function readJson(file: string): Promise<unknown> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${error instanceof Error ? error.message : error}.`);
  }
}

/** What `read` makes of a user's file; what it finds wrong is told with the file's name. */
export async function readRows<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}
