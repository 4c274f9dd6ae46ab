// The keys of one preset, loaded and checked. Proving and verifying use no file that has not been hashed.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type CircuitName,
  type CompileOptions,
  circuitInstance,
  circuitNames,
  ensureCircuit,
  foldedSignalCount,
  type HashedFile,
  publicSignalNames,
} from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import { z } from 'zod';
import type { ProvingKey } from '../backends/backend.ts';
import { ProverError } from '../errors.ts';
import { decodeSrs, type G1Point, type Srs } from '../kzg/index.ts';
import { presets } from '../presets.ts';
import { wordSignals } from './bases.ts';
import { checkFile, type KeyKind, type Manifest, type ManifestFile, readManifest } from './manifest.ts';
import { hasDevelopmentAlpha, hasDevelopmentTau } from './secret.ts';
import { type VerifyingKey, verifyingKeyFromJson, verifyingKeyToJson } from './verifying_key.ts';
import { readZkey } from './zkey.ts';

/** Everything for one circuit. */
export interface CircuitKeys {
  /** The statement. */
  readonly circuit: CircuitName;
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

/** Everything for one preset. */
export interface KeySet {
  /** The preset that all of them are for. */
  readonly preset: PresetName;
  /** `insecure-development` keys must not be used outside a local development chain. */
  readonly kind: KeyKind;
  /** Where the files are. */
  readonly folder: string;
  /** What the folder's manifest says. */
  readonly manifest: Manifest;
  /** The powers that commit to vectors of the preset. */
  readonly srs: Srs;
  /** The keys of one statement. */
  circuit(name: CircuitName): CircuitKeys;
}

const makeAgain = { mend: 'Make the keys again.' };
const doNotUse = { mend: 'Do not use this folder.' };
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
 * Loads the keys that a manifest lists. Hashes every file first, then checks each key (see {@link
 * checkVerifyingKey}) and the SRS's points. That vouches for the files, not for their maker: a third party's
 * keys are worth what `checkCeremony` says of their transcript.
 *
 * @param path of the manifest, a file that is called {@link manifestName}.
 * @throws {ProverError} `key-file` naming the first file that is wrong, `key-unsound` for a key with which
 * anyone forges or a development key under a ceremony's manifest, `point` for a point that is none; each with
 * its mend.
 */
export async function loadKeys(path: string): Promise<KeySet> {
  const folder = dirname(path);
  const manifest = await readManifest(path);
  for (const entry of listedFiles(manifest)) await checkFile(folder, entry);
  // One after the other: of several faults the first listed is reported, whichever file is read faster.
  const loaded = new Map<CircuitName, CircuitKeys>();
  for (const name of circuitNames) loaded.set(name, await loadCircuit(folder, manifest, name));
  const srs = await decodeSrs(await readFile(join(folder, manifest.srs.file)));
  const needed = presets[manifest.preset].powers;
  if (srs.powers !== needed) {
    throw new ProverError(
      'key-file',
      `${manifest.srs.file} has ${srs.powers} powers, but ${manifest.preset} needs ${needed}`,
      makeAgain,
    );
  }
  if (manifest.kind === 'ceremony' && hasDevelopmentTau(srs.tauG2)) {
    throw new ProverError(
      'key-unsound',
      `${manifest.srs.file} has the powers of the development secret, which is public`,
      doNotUse,
    );
  }
  return {
    preset: manifest.preset,
    kind: manifest.kind,
    folder,
    manifest,
    srs,
    circuit: (name) => loaded.get(name)!,
  };
}

function listedFiles(manifest: Manifest): ManifestFile[] {
  const circuits = circuitNames.flatMap((name) => Object.values(manifest.circuits[name]));
  return [manifest.srs, ...(manifest.kind === 'ceremony' ? [manifest.transcript] : []), ...circuits];
}

async function loadCircuit(folder: string, manifest: Manifest, circuit: CircuitName): Promise<CircuitKeys> {
  const files = manifest.circuits[circuit];
  const file = ({ file, sha256 }: ManifestFile): HashedFile => ({ path: join(folder, file), sha256 });
  const zkey = file(files.zkey);
  const words = wordSignals(circuit);
  const publics =
    publicSignalNames(circuit).length + foldedSignalCount(circuitInstance(circuit, manifest.preset));
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
      `${zkey.path} has ${info.publics} public signals, but ${circuit} has ${publics}`,
      makeAgain,
    );
  }
  const development = info.development || hasDevelopmentAlpha(verifyingKey.alpha, files.r1cs.sha256);
  checkKind(zkey.path, manifest.kind, { ...info, development });
  return {
    circuit,
    provingKey: {
      id: `${circuit}/${manifest.preset}`,
      zkeyPath: zkey.path,
      sha256: zkey.sha256,
      signals: words,
    },
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
    throw new ProverError('key-unsound', `${path} is ${is}, but its manifest says ${kind}`, doNotUse);
  }
  if (kind === 'ceremony' && info.contributions === 0) {
    throw new ProverError('key-unsound', `${path} has no contribution, so its maker can forge`, {
      mend: "Run the ceremony's contributions.",
    });
  }
}

/**
 * Ids, such as `update/quick`, of the circuits whose R1CS is not this version's: their keys are stale, or of
 * another version. `murmur keys verify` calls it, and so does a deployment to a chain where money is real.
 *
 * @param options say where circuits are compiled that do not come compiled.
 * @throws {CircuitError} where a circuit must be compiled and cannot.
 */
export async function findForeignCircuits(
  keys: KeySet,
  options: Pick<CompileOptions, 'cacheFolder'>,
): Promise<string[]> {
  const foreign: string[] = [];
  for (const name of circuitNames) {
    const compiled = await ensureCircuit(name, keys.preset, options);
    if (compiled.r1cs.sha256 !== keys.circuit(name).r1cs.sha256) foreign.push(compiled.id);
  }
  return foreign;
}
