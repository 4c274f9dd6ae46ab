// Files that users hand in, read with their name in every fault.
import { readFile } from 'node:fs/promises';
import { MurmurationError, reasonOf } from '@murmuration/core';
import { NodeError } from '../../errors.ts';

/**
 * A JSON file, with or without a byte order mark.
 * @throws NodeError `input` naming the file where it is none.
 */
export async function readJson(file: string): Promise<unknown> {
  return parseJson(file, await named(file, () => readFile(file, 'utf8')));
}

/** JSON of a text. @param file its name, for people. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new NodeError('input', `${file} is no JSON: ${reasonOf(cause)}`, { cause });
  }
}

/** A file's bytes. */
export async function readBytes(file: string): Promise<Uint8Array> {
  return new Uint8Array(await named(file, () => readFile(file)));
}

/**
 * Rows that `read` makes of a user's file.
 * @throws NodeError `input`: what is wrong with the file, with its name.
 */
export async function readRows<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await named(file, read);
  } catch (cause) {
    if (cause instanceof RangeError) throw new NodeError('input', `${file}: ${cause.message}`, { cause });
    if (!(cause instanceof MurmurationError)) throw cause;
    const { message, mend } = cause;
    throw new NodeError('input', `${file}: ${message}`, { cause, ...(mend !== undefined && { mend }) });
  }
}

/** Whether a file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The system does not name the file of every fault: a folder in the place of a file stays unnamed. */
async function named<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && !('path' in error))
      Object.assign(error, { path: file });
    throw error;
  }
}
