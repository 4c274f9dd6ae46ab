/** Writes iden3 binary files (zkey): a magic word, a version, then sections of type, length and bytes; hashed on the way. */
import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';

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

function* pieces(magic: string, sections: readonly Section[]): Generator<Uint8Array> {
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
