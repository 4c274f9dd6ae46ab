// Compiled circuits on disk: a folder with the constraints, the witness generator, and a record of their
// hashes, which are checked whenever the folder is used.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '@murmuration/core';
import { CircuitError } from './errors.ts';
import type { CircuitName } from './instances.ts';
import type { R1csHeader } from './r1cs_header.ts';

/** A file and what it must hash to. */
export interface HashedFile {
  /** Absolute. */
  readonly path: string;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A compiled source on disk. */
export interface CompiledSource {
  /** `update/quick`, for messages. */
  readonly id: string;
  /**
   * Hash of sources, compiler and options: 64 hexadecimal digits, the first 16 of which end the folder's
   * name.
   */
  readonly sourceHash: string;
  /** The constraints, in iden3's R1CS format. */
  readonly r1cs: HashedFile;
  /** The witness generator, in WebAssembly. */
  readonly wasm: HashedFile;
  /** Names of the witness's entries, where they were asked for. */
  readonly symbols?: HashedFile;
  /** Number of constraints. */
  readonly constraints: number;
  /** Entries of the witness, the constant 1 included. */
  readonly wires: number;
}

/** A compiled instance of one of the three circuits. */
export interface CircuitArtifact extends CompiledSource {
  /** The statement. */
  readonly circuit: CircuitName;
  /** The preset's name, or that of a test's own size. */
  readonly preset: string;
  /** Names of the public signals, in order. */
  readonly publicSignals: readonly string[];
}

/** What a compilation leaves in its folder, as `record.json`. */
export interface BuildRecord {
  readonly header: R1csHeader;
  /** SHA-256 of each file, by name. */
  readonly sha256: { readonly [file: string]: string };
}

export const recordName = 'record.json';

/** The record in a folder, or `undefined` where nothing was compiled. */
export async function readRecord(folder: string): Promise<BuildRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, recordName), 'utf8')) as BuildRecord;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CircuitError('artifact', `${join(folder, recordName)} cannot be read (${reasonOf(cause)})`, {
      mend: rebuild,
      cause,
    });
  }
}

const rebuild = 'Delete the folder to build it again.';

/**
 * The compiled source in a folder, every file of which is hashed first.
 *
 * @throws {CircuitError} `artifact` for a file that is missing or altered.
 */
export async function openArtifact(
  { id, sourceHash, folder }: { readonly id: string; readonly sourceHash: string; readonly folder: string },
  { header, sha256 }: BuildRecord,
): Promise<CompiledSource> {
  for (const [name, expected] of Object.entries(sha256)) {
    const path = join(folder, name);
    const actual = await hashFile(path).catch(reasonOf);
    if (actual === expected) continue;
    throw new CircuitError('artifact', `${id}: ${path} has SHA-256 ${actual}, but ${expected} was built`, {
      mend: rebuild,
    });
  }
  const file = (name: string): HashedFile => ({ path: join(folder, name), sha256: sha256[name]! });
  return {
    id,
    sourceHash,
    r1cs: file('main.r1cs'),
    wasm: file('main.wasm'),
    ...(sha256['main.sym'] ? { symbols: file('main.sym') } : {}),
    constraints: header.constraints,
    wires: header.wires,
  };
}

/** SHA-256 of a file, 64 hexadecimal digits. */
export async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
