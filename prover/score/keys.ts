// The keys of the statement `score`: one folder a shape, with a manifest of its own.
import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  ensureScoreCircuit,
  type ScoreInstance,
  type ScoreShapeName,
  scoreInstance,
  scoreShapeNames,
  scoreSignalNames,
} from '@murmuration/circuits';
import { z } from 'zod';
import { type LoadedCircuit, loadCircuitKeys, makeCircuitFiles } from '../keys/circuit_keys.ts';
import type { DevelopmentOptions } from '../keys/development.ts';
import { makeKeyFolder } from '../keys/folder.ts';
import {
  checkFiles,
  circuitSchema,
  fileSchema,
  type KeyKind,
  manifestName,
  readManifestAs,
} from '../keys/manifest.ts';
import { developmentSeed } from '../keys/secret.ts';

const shared = {
  format: z.literal('murmuration-score-keys/1'),
  shape: z.enum(scoreShapeNames),
  circuit: circuitSchema,
};
const manifestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...shared,
    /** Anyone who knows the seed, which is public, can forge: for development and tests only. */
    kind: z.literal('insecure-development'),
    seed: z.string().min(1).max(200),
  }),
  z.strictObject({
    ...shared,
    kind: z.literal('ceremony'),
    /** Of the ceremony, which was one for all shapes. */
    transcript: fileSchema.extend({ file: z.literal('transcript.json') }),
  }),
]);

/** What a folder of keys of one shape holds. */
export type ScoreManifest = z.infer<typeof manifestSchema>;

/** Everything to prove and verify `score` for models of one shape. */
export interface ScoreKeys extends LoadedCircuit {
  /** The instance that they are for. */
  readonly shape: ScoreInstance;
  /** `insecure-development` keys must not be used outside a local development chain. */
  readonly kind: KeyKind;
  /** Where the files are. */
  readonly folder: string;
}

/**
 * Loads the keys that a manifest lists; hashes every file first. That vouches for the files, not for their maker: keys of a
 * ceremony are worth what `checkScoreCeremonyKeys` says of their transcript.
 *
 * @param path of the manifest.
 * @throws {ProverError} `key-file` naming the first file that is wrong, `key-unsound` for a key with which anyone forges.
 */
export async function loadScoreKeys(path: string): Promise<ScoreKeys> {
  const folder = dirname(path);
  const manifest = await readManifestAs(path, manifestSchema);
  const { kind, shape, circuit: files } = manifest;
  const transcript = manifest.kind === 'ceremony' ? [manifest.transcript] : [];
  await checkFiles(folder, [...Object.values(files), ...transcript]);
  const loaded = await loadCircuitKeys(folder, {
    id: `score/${shape}`,
    kind,
    files,
    words: undefined,
    publics: scoreSignalNames.length,
  });
  return { ...loaded, shape: scoreInstance(shape), kind, folder };
}

/**
 * The development keys of a shape: loaded if they are there and unaltered, else compiled and made (a minute). INSECURE: the seed is public,
 * so anyone can forge. No deployment outside a local development chain accepts them.
 *
 * @throws {ProverError} `key-file` for a folder of keys that was altered.
 * @throws {CircuitError} where the circuit must be compiled and cannot.
 */
export async function ensureScoreKeys(
  shape: ScoreShapeName,
  { seed = developmentSeed, cacheFolder, onProgress }: DevelopmentOptions,
): Promise<ScoreKeys> {
  const id = `score/${shape}`;
  const artifact = await ensureScoreCircuit(shape, {
    cacheFolder,
    onProgress: ({ stage }) => onProgress?.({ stage: stage === 'compiling' ? 'compiling' : 'compiled', id }),
  });
  const hash = createHash('sha256')
    .update(JSON.stringify([seed, shape, artifact.r1cs.sha256, artifact.wasm.sha256]))
    .digest('hex');
  const folder = join(cacheFolder, 'keys', `score-${shape}-development-${hash.slice(0, 16)}`);
  const path = join(folder, manifestName);
  if (!(await stat(path).catch(() => undefined))) {
    onProgress?.({ stage: 'key', id });
    await makeKeyFolder(folder, async (scratch, pool) => {
      const made = { folder: scratch, name: 'score', seed, artifact, words: undefined };
      const circuit = await makeCircuitFiles(made, pool);
      const kind = 'insecure-development';
      const manifest: ScoreManifest = { format: 'murmuration-score-keys/1', kind, seed, shape, circuit };
      await writeFile(join(scratch, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    });
  }
  const keys = await loadScoreKeys(path);
  onProgress?.({ stage: 'loaded', id });
  return keys;
}
