// Reads a site's log, and finds where it is not what was written: each line that was altered, put in, taken out or
// moved is named. What was cut off its end shows by the anchors on chain alone.
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { NodeError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { decodeLine, origin } from './line.ts';

/** Bytes after which a log goes on in the next file. */
export const fileBytes = 4 * 2 ** 20;
/** Bytes of a file that are read: what is longer was not written here. */
const mostFileBytes = 2 * fileBytes;

/** A line of a log that is not what was written. */
export interface LogFault {
  readonly file: string;
  /** From 1; 0 of the file as a whole. */
  readonly line: number;
  readonly why: string;
}

/** An entry and its place. */
export interface LoggedEntry {
  readonly entry: Entry;
  /** The head after it. */
  readonly head: Hex;
  readonly file: string;
  readonly line: number;
}

/** A log as it lies in its folder. */
export interface ReadLog {
  readonly folder: string;
  readonly files: readonly string[];
  readonly entries: readonly LoggedEntry[];
  readonly faults: readonly LogFault[];
  /** Bytes behind the last whole line: a crash leaves such, and the next start cuts them off. */
  readonly torn: number;
  /** Entries before the first that is there, in files that are not. */
  readonly missing: number;
}

/** Name of a file of a log; they count from 1. */
export const fileName = (number: number): string => `${String(number).padStart(6, '0')}.log`;
/** Numbers of the files in a folder, ascending. */
export async function fileNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  const numbers = names.flatMap((name) => /^(\d{6})\.log$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((a, b) => a - b);
}

/** Where reading stands. */
export interface ReadingPlace {
  readonly previous: Hex;
  /** Number of the next entry. */
  readonly next: number;
}

/** What one file holds. */
export interface ReadFile {
  readonly entries: readonly LoggedEntry[];
  readonly faults: readonly LogFault[];
  /** After its last line. */
  readonly end: ReadingPlace;
  /** Bytes of its whole lines. */
  readonly whole: number;
  readonly torn: number;
}

/**
 * Whether the rest of a file is what a crash leaves: without an end, or with bytes that never came to the disk, and
 * with no line behind.
 */
function isTorn(rest: Uint8Array): boolean {
  if (!rest.includes(0) && rest.at(-1) === 0x0a) return false;
  for (let at = rest.indexOf(0x0a) + 1; at > 0; ) {
    const end = rest.indexOf(0x0a, at);
    if (end < 0) return true;
    if (typeof decodeLine(origin, rest.subarray(at, end)) !== 'string') return false;
    at = end + 1;
  }
  return true;
}

/**
 * Reads the bytes of one file.
 * @param from undefined where what stands before is not known: then the file says it.
 */
export function readBytes(file: string, bytes: Uint8Array, from: ReadingPlace | undefined): ReadFile {
  const entries: LoggedEntry[] = [];
  const faults: LogFault[] = [];
  let place = from;
  let at = 0;
  for (let line = 1; at < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, at);
    const text = bytes.subarray(at, end < 0 ? bytes.length : end);
    const found = end < 0 ? 'it has no end' : decodeLine(place?.previous ?? previousIn(text), text);
    if (typeof found === 'string') {
      const rest = bytes.subarray(at);
      if (isTorn(rest)) break;
      faults.push({ file, line, why: `it is no line of a log: ${found}` });
      // Lines behind it follow a head that nobody knows any more, so the next one is taken as it is.
      if (place) place = { previous: headIn(text) ?? place.previous, next: place.next + 1 };
    } else {
      const { entry, head, follows } = found;
      const expected = place?.next ?? entry.n;
      if (entry.n > expected)
        faults.push({ file, line, why: `entries ${expected} to ${entry.n - 1} were taken out before it` });
      else if (entry.n < expected)
        faults.push({
          file,
          line,
          why: `entry ${entry.n} stands after entry ${expected - 1}: it was moved, or put in`,
        });
      else if (!follows)
        faults.push({
          file,
          line,
          why: 'its hash does not follow from it and the line before: it was altered, or put in from elsewhere',
        });
      entries.push({ entry, head, file, line });
      place = { previous: head, next: entry.n + 1 };
    }
    at = end + 1;
  }
  const end = place ?? { previous: origin, next: 0 };
  return { entries, faults, end, whole: at, torn: bytes.length - at };
}

/** What a file that is not the first says of what it follows. */
function previousIn(text: Uint8Array): Hex {
  const found = decodeLine(origin, text);
  return typeof found !== 'string' && found.entry.kind === 'continued' ? found.entry.previous : origin;
}

/** The head in a line that is none. */
function headIn(text: Uint8Array): Hex | undefined {
  const head = new TextDecoder('latin1').decode(text.subarray(0, 64));
  return /^[0-9a-f]{64}$/.test(head) ? `0x${head}` : undefined;
}

/** The bytes of a file. @throws NodeError `state` where it is larger than a log's files are. */
export async function bytesOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > mostFileBytes)
      throw new NodeError('state', `${file} has ${size} bytes, but a file of a site's log has fewer`);
  } finally {
    await handle.close();
  }
  return new Uint8Array(await readFile(file));
}

/**
 * Reads a whole log.
 * @throws NodeError `input` where the folder has none.
 */
export async function readSiteLog(folder: string): Promise<ReadLog> {
  const numbers = await fileNumbers(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (numbers.length === 0) throw new NodeError('input', `${folder} holds no site's log`);
  const entries: LoggedEntry[] = [];
  const faults: LogFault[] = [];
  let place: ReadingPlace | undefined = numbers[0] === 1 ? { previous: origin, next: 0 } : undefined;
  let torn = 0;
  for (const [index, number] of numbers.entries()) {
    const file = fileName(number);
    const before = numbers[index - 1];
    if (before !== undefined && number !== before + 1) {
      faults.push({ file, line: 0, why: `the file before it, ${fileName(number - 1)}, is missing` });
      place = undefined;
    }
    const read = readBytes(file, await bytesOf(join(folder, file)), place);
    entries.push(...read.entries);
    faults.push(...read.faults);
    if (read.torn > 0 && index < numbers.length - 1)
      faults.push({ file, line: read.entries.length + 1, why: `its last ${read.torn} bytes are no line` });
    torn = read.torn;
    place = read.end;
  }
  const missing = numbers[0] === 1 ? 0 : (entries[0]?.entry.n ?? 0);
  return { folder, files: numbers.map(fileName), entries, faults, torn, missing };
}
