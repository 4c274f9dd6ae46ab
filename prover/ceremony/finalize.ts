// From a ceremony that holds to a folder of keys with a manifest, ready to publish.
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { describeFile } from '../keys/manifest.ts';
import { encodeSrs } from '../kzg/index.ts';
import type { CircuitOptions } from './ceremony.ts';
import { checkCeremony } from './check.ts';
import { stepFile, transcriptName } from './transcript.ts';

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
 * @throws {ProverError} `ceremony` where `out` exists, or as `checkCeremony` does.
 */
export async function finalizeCeremony(
  { folder, ptau, out }: CeremonyToFinalize,
  options: CircuitOptions,
): Promise<KeySet> {
  if (await stat(out).catch(() => undefined)) {
    throw new ProverError('ceremony', `${out} exists`, { mend: 'Choose a new folder for the keys.' });
  }
  const { transcript, artifacts, srs } = await checkCeremony({ folder, ptau }, options);
  const scratch = `${out}.${process.pid}.partial`;
  await mkdir(scratch, { recursive: true });
  try {
    const circuits = await Promise.all(
      artifacts.map(async ({ circuit, r1cs, wasm }) => {
        const path = (ending: string) => join(scratch, `${circuit}.${ending}`);
        await copyFile(r1cs.path, path('r1cs'));
        await copyFile(wasm.path, path('wasm'));
        await copyFile(join(folder, stepFile(circuit, transcript.steps.length)), path('zkey'));
        const { verifyingKey } = await readZkey(path('zkey'), wordSignals(circuit));
        await writeFile(path('vkey.json'), `${JSON.stringify(verifyingKeyToJson(verifyingKey), null, 2)}\n`);
        const files = {
          r1cs: await describeFile(path('r1cs')),
          wasm: await describeFile(path('wasm')),
          zkey: await describeFile(path('zkey')),
          verifyingKey: await describeFile(path('vkey.json')),
        };
        return [circuit, files] as const;
      }),
    );
    await writeFile(join(scratch, 'powers.srs'), encodeSrs(srs));
    await copyFile(join(folder, transcriptName), join(scratch, transcriptName));
    const manifest: Manifest = {
      format: 'murmuration-keys/1',
      kind: 'ceremony',
      preset: transcript.preset,
      circuits: Object.fromEntries(circuits) as Manifest['circuits'],
      srs: await describeFile(join(scratch, 'powers.srs')),
      transcript: await describeFile(join(scratch, transcriptName)),
    };
    await writeFile(join(scratch, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(scratch, out);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return loadKeys(join(out, manifestName));
}
