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
  publicSignalNames,
} from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { decodeSrs, type Srs } from '../kzg/index.ts';
import { presets } from '../presets.ts';
import { wordSignals } from './bases.ts';
import { type LoadedCircuit, loadCircuitKeys } from './circuit_keys.ts';
import { checkFiles, type KeyKind, type Manifest, type ManifestFile, readManifest } from './manifest.ts';
import { hasDevelopmentTau } from './secret.ts';

/** Everything for one circuit. */
export interface CircuitKeys extends LoadedCircuit {
  /** The statement. */
  readonly circuit: CircuitName;
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
  await checkFiles(folder, listedFiles(manifest));
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
      { mend: 'Do not use this folder.' },
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
  const folded = foldedSignalCount(circuitInstance(circuit, manifest.preset));
  const keys = await loadCircuitKeys(folder, {
    id: `${circuit}/${manifest.preset}`,
    kind: manifest.kind,
    files: manifest.circuits[circuit],
    words: wordSignals(circuit),
    publics: publicSignalNames(circuit).length + folded,
  });
  return { circuit, ...keys };
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
