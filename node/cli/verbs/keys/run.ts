// The work of `murmur keys`.
import { join } from 'node:path';
import type { PresetName } from '@murmuration/core';
import { ensureDevelopmentKeys, type KeySet, loadKeys, manifestName } from '@murmuration/prover';
import { findAlteredDevelopmentKeys, readManifest } from '@murmuration/prover/ceremony';
import { NodeError } from '../../../errors.ts';
import { toJson } from '../../output/format.ts';
import { verifyOrigin } from './origin.ts';

interface Settings {
  readonly json: boolean;
}

/** Says lines for people, and for machines prints the result alone. */
const speaker = ({ json }: Settings) => ({
  log: json ? () => {} : (line: string) => console.log(line),
  finish: (result: unknown) => json && console.log(toJson(result)),
});

/** `keys dev`. */
export async function makeDevelopmentKeys(
  settings: Settings & {
    readonly cache: string;
    readonly presets: readonly PresetName[];
    readonly seed?: string;
  },
): Promise<void> {
  const { presets, seed, cache: cacheFolder } = settings;
  const { log, finish } = speaker(settings);
  const made = [];
  for (const name of presets) {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
    const keys = await ensureDevelopmentKeys(name, {
      cacheFolder,
      ...(seed === undefined ? {} : { seed }),
      onProgress: ({ stage, id }) => log(`${seconds().padStart(6)} s  ${stage.padEnd(9)} ${id}`),
    });
    log(`${keys.folder}\nINSECURE development keys for ${name}: anyone can forge with them.`);
    made.push({ preset: name, kind: keys.kind, folder: keys.folder, seconds: Number(seconds()) });
  }
  finish(made);
}

/** `keys verify`. */
export async function verify(
  settings: Settings & { readonly folder: string; readonly cache: string },
): Promise<void> {
  const { folder, cache } = settings;
  const { log, finish } = speaker(settings);
  log('files, keys, points ...');
  const keys = await loadKeys(join(folder, manifestName));
  await verifyOrigin(keys, { cache, log });
  if (keys.kind === 'insecure-development') await verifyDevelopment(keys, log);
  log(`${folder}: ${keys.kind} keys for ${keys.preset}, whole and sound as far as files can tell`);
  if (keys.kind === 'ceremony') log('who contributed: `murmur ceremony verify`');
  finish({ folder, kind: keys.kind, preset: keys.preset, ok: true });
}

async function verifyDevelopment(keys: KeySet, log: (line: string) => void): Promise<void> {
  log('making the development keys again ...');
  const altered = await findAlteredDevelopmentKeys(keys);
  if (altered.length > 0)
    throw new NodeError('input', `${altered.join(', ')}: not what circuit and seed give`, {
      mend: `Delete ${keys.folder} and make them again.`,
    });
}

/** `keys info`. */
export async function info(settings: Settings & { readonly folder: string }): Promise<void> {
  const { folder } = settings;
  const { log, finish } = speaker(settings);
  const manifest = await readManifest(join(folder, manifestName));
  const from = manifest.kind === 'ceremony' ? '' : `, from the text ${JSON.stringify(manifest.seed)}`;
  log(`${manifest.kind} keys for ${manifest.preset}${from}`);
  const rows = Object.entries(manifest.circuits).flatMap(([circuit, files]) =>
    [files.zkey, files.r1cs, files.wasm].map((file) => ({ circuit, ...file })),
  );
  for (const { file, bytes, sha256 } of [...rows, manifest.srs]) {
    log(`  ${file.padEnd(20)} ${String(bytes).padStart(12)} B  ${sha256}`);
  }
  finish(manifest);
}
