// The manifest of a folder of keys: what kind they are, and the SHA-256 of every file that a proof depends
// on.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { circuitNames } from '@murmuration/circuits';
import { presetNames, reasonOf } from '@murmuration/core';
import { z } from 'zod';
import { ProverError } from '../errors.ts';

/** Name of the file in its folder. */
export const manifestName = 'manifest.json';
const maxManifestBytes = 1 << 20;
const makeAgain = { mend: 'Make the keys again.' };
const getFolder = {
  mend:
    'Delete the folder and make the keys again, or get it again from where they were published: ' +
    'the file is stale or was altered.',
};

/** A listed file. */
export const fileSchema = z.strictObject({
  /** A plain name in the manifest's folder. */
  file: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,100}$/, 'a plain file name in lower case'),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
});

/** The files of one circuit. */
export const circuitSchema = z.strictObject({
  r1cs: fileSchema,
  wasm: fileSchema,
  zkey: fileSchema,
  verifyingKey: fileSchema,
});

const shared = {
  format: z.literal('murmuration-keys/1'),
  preset: z.enum(presetNames),
  circuits: z.strictObject(Object.fromEntries(circuitNames.map((name) => [name, circuitSchema])) as Circuits),
  srs: fileSchema,
};
type Circuits = Record<(typeof circuitNames)[number], typeof circuitSchema>;

const manifestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...shared,
    /** Anyone who knows the seed, which is public, can forge: for development and tests only. */
    kind: z.literal('insecure-development'),
    seed: z.string().min(1).max(200),
  }),
  z.strictObject({ ...shared, kind: z.literal('ceremony'), transcript: fileSchema }),
]);

/** What a folder of keys holds: its kind, its preset, and name, size and SHA-256 of every file. */
export type Manifest = z.infer<typeof manifestSchema>;
/** A listed file. */
export type ManifestFile = z.infer<typeof fileSchema>;
/** The files of one circuit, as a manifest lists them. */
export type CircuitFiles = z.infer<typeof circuitSchema>;
/** `insecure-development` or `ceremony`. */
export type KeyKind = Manifest['kind'];

/**
 * Reads a manifest and checks its form, not the files that it lists: {@link loadKeys} does.
 *
 * @throws {ProverError} `key-file` for a manifest that is missing or malformed.
 */
export function readManifest(path: string): Promise<Manifest> {
  return readManifestAs(path, manifestSchema);
}

/** Reads a manifest of any form; throws as {@link readManifest} does. */
export async function readManifestAs<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const info = await stat(path).catch(() => undefined);
  if (!info) {
    throw new ProverError('key-file', `${path} is missing`, {
      mend: 'Make the keys with `murmur keys dev`, or finish the ceremony.',
    });
  }
  if (info.size > maxManifestBytes) {
    throw new ProverError('key-file', `${path} has ${info.size} bytes, but a manifest has fewer than 2^20`);
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ProverError('key-file', `${path} is not JSON (${reasonOf(cause)})`, { ...makeAgain, cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ProverError(
      'key-file',
      `${path}: ${issue.path.join('.') || 'the manifest'}: ${issue.message}`,
      makeAgain,
    );
  }
  return parsed.data;
}

/** A file as the manifest lists it. */
export async function describeFile(path: string): Promise<ManifestFile> {
  return { file: basename(path), bytes: (await stat(path)).size, sha256: await sha256File(path) };
}

/**
 * Checks that a folder has the files that are listed, all at once: while one is hashed, others are read.
 *
 * @throws {ProverError} `key-file` for the first listed that is missing or another one; the message names what it is and what
 * it should be.
 */
export async function checkFiles(folder: string, entries: readonly ManifestFile[]): Promise<void> {
  const checks = await Promise.allSettled(entries.map((entry) => checkFile(folder, entry)));
  const failed = checks.find((check) => check.status === 'rejected');
  if (failed) throw failed.reason;
}

async function checkFile(folder: string, entry: ManifestFile): Promise<void> {
  const path = join(folder, entry.file);
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new ProverError('key-file', `${path} is missing, but the manifest lists it`, getFolder);
  const sha256 = info.size === entry.bytes ? await sha256File(path) : undefined;
  if (sha256 !== entry.sha256) {
    const found = sha256 ? `has SHA-256 ${sha256}` : `has ${info.size} bytes`;
    const expected = sha256 ? entry.sha256 : entry.bytes;
    throw new ProverError('key-file', `${path} ${found}, but the manifest says ${expected}`, getFolder);
  }
}

/** SHA-256 of a file in hexadecimal digits. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
