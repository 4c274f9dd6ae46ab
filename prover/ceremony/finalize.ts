// From a ceremony that holds to a folder of keys with a manifest, ready to publish.
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CircuitName, ScoreShapeName } from '@murmuration/circuits';
import { ProverError } from '../errors.ts';
import {
  type KeySet,
  loadKeys,
  type Manifest,
  manifestName,
  readZkey,
  verifyingKeyToJson,
  wordSignals,
} from '../keys/index.ts';
import { type CircuitFiles, describeFile } from '../keys/manifest.ts';
import { encodeSrs } from '../kzg/index.ts';
import { loadScoreKeys, type ScoreKeys, type ScoreManifest } from '../score/keys.ts';
import type { CircuitOptions } from './ceremony.ts';
import { checkCeremony } from './check.ts';
import type { CeremonyCircuit } from './subject.ts';
import { stepFile, subjectOf, transcriptName } from './transcript.ts';

/** A ceremony whose keys are to be published. */
export interface CeremonyToFinalize {
  /** Path of the ceremony's folder. */
  readonly folder: string;
  /** Path of the Powers of Tau file that the ceremony began with. */
  readonly ptau: string;
  /** Path of the new folder of keys, which must not exist. */
  readonly out: string;
}

/**
 * Checks a ceremony and writes its keys, ready to publish: circuits, proving and verifying keys, KZG's
 * powers, the transcript, and a manifest of kind `ceremony`.
 *
 * @throws {ProverError} `ceremony` where `out` exists or the ceremony is that of `score`, or as `checkCeremony` does.
 */
export async function finalizeCeremony(
  { folder, ptau, out }: CeremonyToFinalize,
  options: CircuitOptions,
): Promise<KeySet> {
  await checkNew(out);
  const { transcript, artifacts, srs } = await checkCeremony({ folder, ptau }, options);
  if (!('preset' in transcript) || !srs) throw another(folder, subjectOf(transcript), 'a preset');
  await makeFolder(out, async (scratch) => {
    const files = artifacts.map(async (artifact) => {
      const { circuit } = artifact;
      const words = wordSignals(circuit as CircuitName);
      const last = join(folder, stepFile(circuit, transcript.steps.length));
      return [circuit, await copyCircuit({ artifact, last, scratch, name: circuit, words })] as const;
    });
    const circuits = Object.fromEntries(await Promise.all(files)) as Manifest['circuits'];
    await writeFile(join(scratch, 'powers.srs'), encodeSrs(srs));
    await copyFile(join(folder, transcriptName), join(scratch, transcriptName));
    const manifest: Manifest = {
      format: 'murmuration-keys/1',
      kind: 'ceremony',
      preset: transcript.preset,
      circuits,
      srs: await describeFile(join(scratch, 'powers.srs')),
      transcript: await describeFile(join(scratch, transcriptName)),
    };
    await writeFile(join(scratch, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  });
  return loadKeys(join(out, manifestName));
}

/**
 * Checks a ceremony for the statement `score` and writes its keys: in `out` a folder for each shape, complete in itself,
 * with circuit, keys, transcript, and a manifest of kind `ceremony`. A borrower needs that of the model's shape alone.
 *
 * @throws {ProverError} `ceremony` where `out` exists or the ceremony is that of a preset, or as `checkCeremony` does.
 */
export async function finalizeScoreCeremony(
  { folder, ptau, out }: CeremonyToFinalize,
  options: CircuitOptions,
): Promise<readonly ScoreKeys[]> {
  await checkNew(out);
  const { transcript, artifacts } = await checkCeremony({ folder, ptau }, options);
  const subject = subjectOf(transcript);
  if (subject !== 'score') throw another(folder, subject, 'the statement score');
  await makeFolder(out, async (scratch) => {
    for (const artifact of artifacts) {
      const of = join(scratch, artifact.circuit);
      await mkdir(of);
      const last = join(folder, stepFile(artifact.circuit, transcript.steps.length));
      const circuit = await copyCircuit({ artifact, last, scratch: of, name: 'score', words: undefined });
      await copyFile(join(folder, transcriptName), join(of, transcriptName));
      const manifest: ScoreManifest = {
        format: 'murmuration-score-keys/1',
        kind: 'ceremony',
        shape: artifact.circuit as ScoreShapeName,
        circuit,
        transcript: { ...(await describeFile(join(of, transcriptName))), file: transcriptName },
      };
      await writeFile(join(of, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    }
  });
  const keys = [];
  for (const { circuit } of artifacts) keys.push(await loadScoreKeys(join(out, circuit, manifestName)));
  return keys;
}

async function checkNew(out: string): Promise<void> {
  if (!(await stat(out).catch(() => undefined))) return;
  throw new ProverError('ceremony', `${out} exists`, { mend: 'Choose a new folder for the keys.' });
}

const another = (folder: string, subject: string, wanted: string) =>
  new ProverError('ceremony', `${folder} is a ceremony for ${subject}, but keys of ${wanted} are asked for`);

/** Lets `fill` make a folder that has its name only when it is complete. */
async function makeFolder(out: string, fill: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = `${out}.${process.pid}.partial`;
  await mkdir(scratch, { recursive: true });
  try {
    await fill(scratch);
    await rename(scratch, out);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface CircuitToCopy {
  readonly artifact: CeremonyCircuit;
  /** Path of its last key. */
  readonly last: string;
  readonly scratch: string;
  /** Files are called `<name>.zkey` and so on. */
  readonly name: string;
  /** Public signals that are words of their own; `undefined` where all are. */
  readonly words: number | undefined;
}

async function copyCircuit({ artifact, last, scratch, name, words }: CircuitToCopy): Promise<CircuitFiles> {
  const path = (ending: string) => join(scratch, `${name}.${ending}`);
  await copyFile(artifact.r1cs.path, path('r1cs'));
  await copyFile(artifact.wasm.path, path('wasm'));
  await copyFile(last, path('zkey'));
  const { verifyingKey } = await readZkey(path('zkey'), words);
  await writeFile(path('vkey.json'), `${JSON.stringify(verifyingKeyToJson(verifyingKey), null, 2)}\n`);
  return {
    r1cs: await describeFile(path('r1cs')),
    wasm: await describeFile(path('wasm')),
    zkey: await describeFile(path('zkey')),
    verifyingKey: await describeFile(path('vkey.json')),
  };
}
