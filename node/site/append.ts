// Appends lines to a site's log: in the order in which they were asked for, several in one write, each on the disk
// before its promise resolves. A write that fails leaves nothing behind, so that the hashes go on from what is there.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '@murmuration/core';
import type { Hex } from 'viem';
import { NodeError } from '../errors.ts';
import { diskFault, syncFolder } from '../state/index.ts';
import type { NewEntry } from './entry.ts';
import { encodeLine } from './line.ts';
import { fileBytes, fileName, type ReadingPlace } from './read.ts';

/** Where a log stands on the disk. */
export interface AppendPlace extends ReadingPlace {
  /** Number of the file that is written. */
  readonly file: number;
  /** Bytes of its whole lines. */
  readonly size: number;
}

/** An entry that has its place. */
export interface Placed {
  readonly n: number;
  /** The head after it. */
  readonly head: Hex;
  /** Resolves when it is on the disk. @throws NodeError `state` where it cannot be written. */
  readonly durable: Promise<void>;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly after: AppendPlace;
  readonly done: PromiseWithResolvers<void>;
}

/** Appends to the files of a folder that no other process writes to. */
export class Appender {
  readonly #folder: string;
  /** After all that was asked for. */
  #place: AppendPlace;
  /** After all that is on the disk. */
  #durable: AppendPlace;
  #waiting: Waiting[] = [];
  #writing = false;
  #handle: { readonly file: number; readonly of: FileHandle } | undefined;
  /** Why nothing is appended any more. */
  #over: NodeError | undefined;

  constructor(folder: string, place: AppendPlace) {
    this.#folder = folder;
    this.#place = place;
    this.#durable = place;
  }

  /** The head after all that was asked for. */
  get head(): Hex {
    return this.#place.previous;
  }

  /** Number that the next entry gets. */
  get next(): number {
    return this.#place.next;
  }

  /** Appends an entry. */
  append(entry: NewEntry): Placed {
    const { file, size, previous } = this.#place;
    if (size > fileBytes) {
      this.#place = { ...this.#place, file: file + 1, size: 0 };
      // Whoever waits for a later line waits for this one, too.
      this.#enqueue({ kind: 'continued', file: file + 1, previous }).durable.catch(() => undefined);
    }
    return this.#enqueue(entry);
  }

  /**
   * Appends the last entry, and lets go of the file when all is written. What is asked for afterwards is refused: the
   * file may be another appender's by then, whose lines it would stand between.
   */
  async close(last: NewEntry): Promise<void> {
    const { durable } = this.#enqueue(last);
    this.#over ??= new NodeError('state', `the site's log in ${this.#folder} is closed`, {
      mend: 'Start the process again: nothing leaves that is not in it.',
    });
    try {
      await durable;
    } finally {
      await this.#handle?.of.close();
      this.#handle = undefined;
    }
  }

  #enqueue(entry: NewEntry): Placed {
    const done = Promise.withResolvers<void>();
    const { next: n, previous, file, size } = this.#place;
    if (this.#over) {
      done.reject(this.#over);
      return { n, head: previous, durable: done.promise };
    }
    const { kind, ...rest } = entry;
    const { bytes, head } = encodeLine(previous, {
      n,
      at: new Date().toISOString(),
      kind,
      ...rest,
    } as Parameters<typeof encodeLine>[1]);
    this.#place = { previous: head, next: n + 1, file, size: size + bytes.length };
    this.#waiting.push({ bytes, after: this.#place, done });
    if (!this.#writing) void this.#writeAll();
    return { n, head, durable: done.promise };
  }

  /** Never rejects. */
  async #writeAll(): Promise<void> {
    this.#writing = true;
    // What is asked for in one turn is written at once.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const { file } = this.#waiting[0]!.after;
      const end = this.#waiting.findIndex(({ after }) => after.file !== file);
      const batch = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
      try {
        await this.#write(file, Buffer.concat(batch.map(({ bytes }) => bytes)));
        this.#durable = batch.at(-1)!.after;
        for (const { done } of batch) done.resolve();
      } catch (cause) {
        await this.#giveUp([...batch, ...this.#waiting.splice(0)], cause);
      }
    }
    // In the turn in which nothing waited: what is asked for in the next one would wait for ever.
    this.#writing = false;
  }

  async #write(file: number, bytes: Uint8Array): Promise<void> {
    if (this.#handle?.file !== file) {
      await this.#handle?.of.close();
      this.#handle = undefined;
      this.#handle = { file, of: await open(join(this.#folder, fileName(file)), 'a', 0o600) };
      await syncFolder(this.#folder);
    }
    const { of } = this.#handle;
    await of.writeFile(bytes);
    await of.datasync();
  }

  /** Nothing of what waits is written: the log goes on from what is on the disk. */
  async #giveUp(waiting: readonly Waiting[], cause: unknown): Promise<void> {
    const { file, size } = this.#durable;
    const folder = this.#folder;
    const error = new NodeError(
      'state',
      `the site's log in ${folder} cannot be written: ${reasonOf(diskFault(folder, cause))}`,
      {
        mend: 'Make space, or mend the permissions of the folder: nothing leaves that is not in it.',
        prospect: 'passing',
        cause,
      },
    );
    // At once: what is asked for meanwhile follows it.
    this.#place = this.#durable;
    for (const { done } of waiting) done.reject(error);
    try {
      await this.#handle?.of.truncate(this.#handle.file === file ? size : 0);
    } catch (failure) {
      const text = `the site's log in ${folder} cannot be written, nor set back: ${reasonOf(failure)}`;
      this.#over = new NodeError('state', text, { mend: 'Start the process again.', cause });
      for (const { done } of this.#waiting.splice(0)) done.reject(this.#over);
    }
  }
}
