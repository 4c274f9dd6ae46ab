// iden3's binary files (zkey, ptau): a magic word, a version, then sections of type, length and bytes.
// Written hashed, read in parts.
import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { ProverError } from '../errors.ts';

/** A section that is to be written. */
export interface Section {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Writes the file under a temporary name, then renames it. Resolves to its SHA-256 in hexadecimal digits. */
export async function writeBinaryFile(
  path: string,
  magic: string,
  sections: readonly Section[],
): Promise<string> {
  const temporary = `${path}.${process.pid}.partial`;
  const hash = createHash('sha256');
  const file = await open(temporary, 'w');
  try {
    for (const bytes of pieces(magic, sections)) {
      hash.update(bytes);
      await file.write(bytes);
    }
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return hash.digest('hex');
}

/** The SHA-256 that {@link writeBinaryFile} would give. */
export function hashBinaryFile(magic: string, sections: readonly Section[]): string {
  const hash = createHash('sha256');
  for (const bytes of pieces(magic, sections)) hash.update(bytes);
  return hash.digest('hex');
}

/** The bytes of a file, piece by piece. */
export function* pieces(magic: string, sections: readonly Section[]): Generator<Uint8Array> {
  const head = Buffer.alloc(12);
  head.write(magic, 'latin1');
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(sections.length, 8);
  yield head;
  for (const { type, bytes } of sections) {
    const header = Buffer.alloc(12);
    header.writeUInt32LE(type);
    header.writeBigUInt64LE(BigInt(bytes.length), 4);
    yield header;
    yield bytes;
  }
}

/** An open file and where its sections lie. */
export interface BinaryFile {
  readonly sections: ReadonlyMap<number, { readonly start: number; readonly length: number }>;
  /** Reads exactly these bytes. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

const maxSections = 32;
/** The mend of a file that was cut short or altered on its way. */
export const getAgain = { mend: 'Get the file again: it was cut short or altered.' };

/**
 * Opens a file of version 1 and checks its table: each section once and inside the file.
 *
 * @throws {ProverError} `key-file` for a file that cannot be read, is of another kind, or is broken.
 */
export async function openBinaryFile(path: string, magic: string): Promise<BinaryFile> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new ProverError('key-file', `${path} cannot be read (${error.code})`, {
      mend: 'Check the path.',
      cause: error,
    });
  });
  const read = async (position: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, position);
    if (bytesRead !== length) throw new ProverError('key-file', `${path} ends early`, getAgain);
    return bytes;
  };
  try {
    const { size } = await file.stat();
    const head = size >= 12 ? await read(0, 12) : Buffer.alloc(12);
    const count = head.readUInt32LE(8);
    if (head.toString('latin1', 0, 4) !== magic || head.readUInt32LE(4) !== 1 || count > maxSections) {
      throw new ProverError('key-file', `${path} is not a ${magic} file`, getAgain);
    }
    const sections = new Map<number, { start: number; length: number }>();
    for (let i = 0, position = 12; i < count; i++) {
      const entry = await read(position, 12);
      const [type, length, start] = [entry.readUInt32LE(0), Number(entry.readBigUInt64LE(4)), position + 12];
      if (start + length > size || sections.has(type)) {
        throw new ProverError('key-file', `${path}: section ${type} is broken`, getAgain);
      }
      sections.set(type, { start, length });
      position = start + length;
    }
    return { sections, read, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}
