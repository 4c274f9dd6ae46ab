// Insecure development keys: made directly from a public seed, kept in a cache folder by the hash of all they
// depend on.

import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CircuitArtifact, circuitNames, ensureCircuit } from '@murmuration/circuits';
import { fieldOrder, type PresetName } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { encodeSrs } from '../kzg/index.ts';
import { presets } from '../presets.ts';
import { wordSignals } from './bases.ts';
import { hashBinaryFile } from './binary_file.ts';
import { makeCircuitFiles, zkeySections } from './circuit_keys.ts';
import { makeKeyFolder } from './folder.ts';
import { type KeySet, loadKeys } from './key_set.ts';
import { describeFile, type Manifest, type ManifestFile, manifestName } from './manifest.ts';
import { type MultiplierPool, startPool } from './pool.ts';
import { powersOf } from './powers.ts';
import { developmentSeed, developmentTau } from './secret.ts';

/** Raised when the files for the same seed and circuits change. */
const generatorVersion = 1;

/** A step of key generation, for progress lines. */
export interface KeyProgress {
  /** `key` and `powers` are made, `loaded` comes last. */
  readonly stage: 'compiling' | 'compiled' | 'key' | 'powers' | 'loaded';
  /** Such as `update/quick`. */
  readonly id: string;
}

/** How development keys are made, and where. */
export interface DevelopmentOptions {
  /** Public text that the secret comes from, 1 to 200 characters; {@link developmentSeed} unless given. */
  readonly seed?: string;
  /**
   * Path of a folder for what is made: circuits go to `<cacheFolder>/circuits/`, keys to
   * `<cacheFolder>/keys/<preset>-development-<hash>/`. It is made where it is missing, and several processes
   * may share it.
   */
  readonly cacheFolder: string;
  /** Hears of each step. */
  readonly onProgress?: ((progress: KeyProgress) => void) | undefined;
}

/**
 * The development keys of a preset: loaded if they are there and unaltered, else compiled and made (seconds
 * to two minutes). INSECURE: the seed is public, so anyone can forge. No deployment outside a local
 * development chain accepts them.
 *
 * @throws {ProverError} `key-file` for a folder of keys that was altered.
 * @throws {CircuitError} where a circuit must be compiled and cannot.
 * @example
 * ```ts
 * import { ensureDevelopmentKeys, loadKeys, manifestName } from '@murmuration/prover';
 *
 * const made = await ensureDevelopmentKeys('tiny', { cacheFolder: 'build' });
 * console.log(made.kind, made.srs.powers); // insecure-development 99
 *
 * const keys = await loadKeys(`${made.folder}/${manifestName}`);
 * console.log(keys.circuit('update').verifyingKey.ic.length); // 5
 * ```
 */
export async function ensureDevelopmentKeys(
  preset: PresetName,
  { seed = developmentSeed, cacheFolder, onProgress }: DevelopmentOptions,
): Promise<KeySet> {
  const artifacts = await compileAll(preset, cacheFolder, onProgress);
  const inputs = artifacts.map(({ id, r1cs, wasm }) => [id, r1cs.sha256, wasm.sha256]);
  const id = createHash('sha256')
    .update(JSON.stringify([generatorVersion, seed, preset, inputs]))
    .digest('hex');
  const folder = join(cacheFolder, 'keys', `${preset}-development-${id.slice(0, 16)}`);
  const path = join(folder, manifestName);
  if (!(await stat(path).catch(() => undefined)))
    await makeFolder({ preset, seed, folder, artifacts }, onProgress);
  const keys = await loadKeys(path);
  onProgress?.({ stage: 'loaded', id: preset });
  return keys;
}

/** All circuits at once: each is compiled in a process of its own, on one core. */
function compileAll(
  preset: PresetName,
  cacheFolder: string,
  onProgress: DevelopmentOptions['onProgress'],
): Promise<CircuitArtifact[]> {
  const onCompile = ({ id, stage }: { id: string; stage: string }) =>
    onProgress?.({ stage: stage === 'compiling' ? 'compiling' : 'compiled', id });
  return Promise.all(
    circuitNames.map((name) => ensureCircuit(name, preset, { cacheFolder, onProgress: onCompile })),
  );
}

interface Job {
  readonly preset: PresetName;
  readonly seed: string;
  readonly folder: string;
  readonly artifacts: readonly CircuitArtifact[];
}

async function makeFolder(job: Job, onProgress: DevelopmentOptions['onProgress']): Promise<void> {
  await makeKeyFolder(job.folder, async (folder, pool) => {
    // All at once: while one circuit is evaluated, another's points are multiplied.
    const making = job.artifacts.map(async (artifact) => {
      onProgress?.({ stage: 'key', id: artifact.id });
      const { circuit } = artifact;
      const made = { folder, name: circuit, seed: job.seed, artifact, words: wordSignals(circuit) };
      return [circuit, await makeCircuitFiles(made, pool)] as const;
    });
    // After a failure nobody writes any more into the folder that is then removed.
    await Promise.allSettled(making);
    const circuits = await Promise.all(making);
    onProgress?.({ stage: 'powers', id: job.preset });
    const manifest: Manifest = {
      format: 'murmuration-keys/1',
      kind: 'insecure-development',
      preset: job.preset,
      seed: job.seed,
      circuits: Object.fromEntries(circuits) as Manifest['circuits'],
      srs: await makeSrs(folder, job, pool),
    };
    await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  });
}

async function makeSrs(folder: string, { preset, seed }: Job, pool: MultiplierPool): Promise<ManifestFile> {
  const path = join(folder, 'powers.srs');
  const tau = developmentTau(seed);
  await writeFile(path, encodeSrs(await powersOf(tau % fieldOrder, presets[preset].powers, pool)));
  return describeFile(path);
}

/**
 * Ids, such as `update/quick`, of the proving keys of a development set that are not what R1CS and seed give.
 * Makes each again: ten seconds for `base`. `murmur keys verify` calls it.
 *
 * @throws {ProverError} `argument` for keys of a ceremony.
 */
export async function findAlteredDevelopmentKeys(keys: KeySet): Promise<string[]> {
  const { manifest } = keys;
  if (manifest.kind !== 'insecure-development') {
    throw new ProverError(
      'argument',
      `the keys are of kind ${manifest.kind}, but only development keys come from a seed`,
    );
  }
  const pool = await startPool();
  try {
    const altered: string[] = [];
    for (const name of circuitNames) {
      const { r1cs, provingKey } = keys.circuit(name);
      const sections = await zkeySections(r1cs, manifest.seed, pool);
      if (hashBinaryFile('zkey', sections) !== provingKey.sha256) altered.push(provingKey.id);
    }
    return altered;
  } finally {
    await pool.stop();
  }
}
