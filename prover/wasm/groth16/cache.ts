// Tables on disk: what was made from a key once is read back the next time. A file is named after the key's digest, the kernel and
// the setting, and holds the SHA-256 of its own content, which is checked before it is used.
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelName } from '../kernel.ts';
import type { SharedMemory } from '../module.ts';
import type { KeyLayout } from './layout.ts';

/** Raised when the layout or the content of the memory changes for the same key. */
const version = 1;
const magic = 'murmuration-tables\n';
/** Bytes that are hashed, read and written at a time. */
const piece = 1 << 20;
const maxHeader = 1 << 20;

export interface CachePlace {
  readonly folder: string;
  readonly sha256: string;
  readonly kernel: KernelName;
  readonly levels: number;
}

const pathOf = ({ folder, sha256, kernel, levels }: CachePlace): string =>
  join(folder, `${sha256.slice(0, 32)}-${kernel}-${levels}-v${version}.tables`);

interface Header {
  readonly sha256: string;
  readonly key: string;
  readonly layout: KeyLayout;
}

/** Windows have a big integer, which JSON has not. */
const encode = (header: Header): string =>
  JSON.stringify(header, (_, value) => (typeof value === 'bigint' ? { bigint: value.toString() } : value));
const decode = (text: string): Header =>
  JSON.parse(text, (_, value) =>
    typeof value === 'object' && value !== null && typeof value.bigint === 'string'
      ? BigInt(value.bigint)
      : value,
  ) as Header;

/** The pieces of the key's part of a memory, copied: neither hashes nor files take shared memory everywhere. */
function* piecesOf(memory: SharedMemory, { start, end }: KeyLayout): Generator<Uint8Array> {
  for (let at = start; at < end; at += piece) {
    yield new Uint8Array(memory.buffer).slice(at, Math.min(end, at + piece));
  }
}

/** Writes a key's memory; a half-written file is never found under the name. */
export function saveTables(place: CachePlace, memory: SharedMemory, layout: KeyLayout): void {
  mkdirSync(place.folder, { recursive: true });
  const hash = createHash('sha256');
  for (const bytes of piecesOf(memory, layout)) hash.update(bytes);
  const header = Buffer.from(encode({ sha256: hash.digest('hex'), key: place.sha256, layout }));
  const temporary = `${pathOf(place)}.${randomUUID()}.partial`;
  const file = openSync(temporary, 'wx');
  try {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    for (const bytes of [Buffer.from(magic), length, header]) writeSync(file, bytes);
    for (const bytes of piecesOf(memory, layout)) writeSync(file, bytes);
    closeSync(file);
    renameSync(temporary, pathOf(place));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Reads what {@link saveTables} wrote, into a memory that `make` makes for the layout; undefined if there is no such file, or it is
 * not whole.
 */
export function readTables(
  place: CachePlace,
  make: (layout: KeyLayout) => SharedMemory,
): { memory: SharedMemory; layout: KeyLayout } | undefined {
  let file: number;
  try {
    file = openSync(pathOf(place), 'r');
  } catch {
    return undefined;
  }
  // One place for all pieces: fresh ones would take as much memory again as the tables, which the system has to clear.
  const taken = Buffer.alloc(piece);
  const read = (length: number): Buffer => {
    const bytes = taken.subarray(0, length);
    if (readSync(file, bytes) !== length) throw new RangeError('the file ends early');
    return bytes;
  };
  try {
    if (read(magic.length).toString('latin1') !== magic) return undefined;
    const length = read(4).readUInt32LE();
    if (length > maxHeader) return undefined;
    const { layout, sha256, key } = decode(read(length).toString());
    if (key !== place.sha256 || layout.kernel !== place.kernel) return undefined;
    const memory = make(layout);
    const bytes = new Uint8Array(memory.buffer);
    const hash = createHash('sha256');
    for (let at = layout.start; at < layout.end; at += piece) {
      const part = read(Math.min(piece, layout.end - at));
      hash.update(part);
      bytes.set(part, at);
    }
    return hash.digest('hex') === sha256 ? { memory, layout } : undefined;
  } catch {
    // Cut short or of another form: the tables are made again, and the file is replaced.
    return undefined;
  } finally {
    closeSync(file);
  }
}
