// The keys of one circuit, as a folder of keys holds them: made from a development secret, or loaded and checked.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HashedFile } from '@murmuration/circuits';
import { z } from 'zod';
import type { ProvingKey } from '../backends/backend.ts';
import { ProverError } from '../errors.ts';
import type { G1Point } from '../kzg/index.ts';
import { type Section, writeBinaryFile } from './binary_file.ts';
import { generateZkey } from './generate.ts';
import { type CircuitFiles, describeFile, type KeyKind, type ManifestFile } from './manifest.ts';
import type { MultiplierPool } from './pool.ts';
import { scalarsInThread } from './scalars.ts';
import { developmentSecret, hasDevelopmentAlpha } from './secret.ts';
import { type VerifyingKey, verifyingKeyFromJson, verifyingKeyToJson } from './verifying_key.ts';
import { readZkey } from './zkey.ts';

/** Keys and files of one circuit; every file has been hashed. */
export interface LoadedCircuit {
  /** For a backend. */
  readonly provingKey: ProvingKey;
  /** For verifiers, on chain and off. */
  readonly verifyingKey: VerifyingKey;
  /** The points by which those public signals are multiplied that verifiers take as one point; empty for most circuits. */
  readonly bases: readonly G1Point[];
  /** The circuit's constraints. */
  readonly r1cs: HashedFile;
  /** The circuit's witness generator. */
  readonly wasm: HashedFile;
}

/** What a circuit's keys must be. */
export interface ExpectedCircuit {
  /** For messages, such as `update/quick`. */
  readonly id: string;
  /** As the manifest says. */
  readonly kind: KeyKind;
  /** As the manifest lists them; their hashes have been checked. */
  readonly files: CircuitFiles;
  /** Public signals that are words of their own; `undefined` where all are. */
  readonly words: number | undefined;
  /** Public signals. */
  readonly publics: number;
}

const makeAgain = { mend: 'Make the keys again.' };
const word = z.string().regex(/^[0-9]{1,78}$/);
const keyJsonSchema = z.strictObject({
  alpha: z.array(word).length(2),
  beta: z.array(word).length(4),
  gamma: z.array(word).length(4),
  delta: z.array(word).length(4),
  ic: z.array(z.array(word).length(2)).max(65),
  bases: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .optional(),
});

/**
 * Loads one circuit's keys from a folder whose files have been hashed.
 *
 * @throws {ProverError} `key-file` for files that do not fit each other, `key-unsound` for a key with which anyone forges, or of another
 * kind than the manifest says.
 */
export async function loadCircuitKeys(
  folder: string,
  { id, kind, files, words, publics }: ExpectedCircuit,
): Promise<LoadedCircuit> {
  const file = ({ file, sha256 }: ManifestFile): HashedFile => ({ path: join(folder, file), sha256 });
  const zkey = file(files.zkey);
  const info = await readZkey(zkey.path, words);
  const json = keyJsonSchema.safeParse(
    JSON.parse(await readFile(join(folder, files.verifyingKey.file), 'utf8')),
  );
  if (!json.success) {
    throw new ProverError('key-file', `${files.verifyingKey.file} is not a verifying key`, makeAgain);
  }
  const verifyingKey = verifyingKeyFromJson(files.verifyingKey.file, json.data);
  if (
    JSON.stringify(verifyingKeyToJson(info.verifyingKey)) !== JSON.stringify(verifyingKeyToJson(verifyingKey))
  ) {
    throw new ProverError(
      'key-file',
      `${files.verifyingKey.file} is not the key in ${files.zkey.file}`,
      makeAgain,
    );
  }
  if (info.publics !== publics) {
    throw new ProverError(
      'key-file',
      `${zkey.path} has ${info.publics} public signals, but ${id.split('/')[0]} has ${publics}`,
      makeAgain,
    );
  }
  const development = info.development || hasDevelopmentAlpha(verifyingKey.alpha, files.r1cs.sha256);
  checkKind(zkey.path, kind, { ...info, development });
  return {
    provingKey: { id, zkeyPath: zkey.path, sha256: zkey.sha256, signals: words },
    verifyingKey,
    bases: info.bases,
    r1cs: file(files.r1cs),
    wasm: file(files.wasm),
  };
}

/** A development key stays one under any manifest; a ceremony's key has a contribution. */
function checkKind(path: string, kind: KeyKind, info: { development: boolean; contributions: number }): void {
  if (info.development !== (kind === 'insecure-development')) {
    const is = info.development ? 'an insecure development key' : 'not a development key';
    throw new ProverError('key-unsound', `${path} is ${is}, but its manifest says ${kind}`, {
      mend: 'Do not use this folder.',
    });
  }
  if (kind === 'ceremony' && info.contributions === 0) {
    throw new ProverError('key-unsound', `${path} has no contribution, so its maker can forge`, {
      mend: "Run the ceremony's contributions.",
    });
  }
}

/** What a development key is made of, and where it goes. */
export interface DevelopmentCircuit {
  readonly folder: string;
  /** Files are called `<name>.zkey` and so on. */
  readonly name: string;
  readonly seed: string;
  /** Compiled. */
  readonly artifact: { readonly r1cs: HashedFile; readonly wasm: HashedFile };
  /** As in {@link ExpectedCircuit}. */
  readonly words: number | undefined;
}

/** Makes the files of one circuit's development key. */
export async function makeCircuitFiles(
  { folder, name, seed, artifact, words }: DevelopmentCircuit,
  pool: MultiplierPool,
): Promise<CircuitFiles> {
  const path = (ending: string) => join(folder, `${name}.${ending}`);
  await copyFile(artifact.r1cs.path, path('r1cs'));
  await copyFile(artifact.wasm.path, path('wasm'));
  const r1csCopy = { path: path('r1cs'), sha256: artifact.r1cs.sha256 };
  await writeBinaryFile(path('zkey'), 'zkey', await zkeySections(r1csCopy, seed, pool));
  const { verifyingKey } = await readZkey(path('zkey'), words);
  await writeFile(path('vkey.json'), `${JSON.stringify(verifyingKeyToJson(verifyingKey), null, 2)}\n`);
  const [r1cs, wasm, zkey, key] = (await Promise.all(
    ['r1cs', 'wasm', 'zkey', 'vkey.json'].map((ending) => describeFile(path(ending))),
  )) as [ManifestFile, ManifestFile, ManifestFile, ManifestFile];
  return { r1cs, wasm, zkey, verifyingKey: key };
}

/** The sections of the proving key that a seed gives. */
export async function zkeySections(
  { path, sha256 }: HashedFile,
  seed: string,
  pool: MultiplierPool,
): Promise<Section[]> {
  return generateZkey(await scalarsInThread(path, developmentSecret(seed, sha256)), pool);
}
