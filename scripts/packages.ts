// The workspaces as packages: stages that are compiled one against the other, and a tarball of each.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileForPacking, scoreShapeNames } from '@murmuration/circuits';
import { loadArtifacts } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import { buildPage } from '../desk/build_page.ts';
import { stage, tool, workspaces } from './stage.ts';

/** A packed workspace. */
export interface Tarball {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
}

/** How workspaces are packed. */
export interface PackOptions {
  /** Absolute path of a folder below the checkout, whose node_modules the compiler needs; it is made anew. */
  readonly out: string;
  /** Presets whose circuits come compiled. */
  readonly presets: readonly PresetName[];
  /** Where compiled circuits and contracts are kept: an absolute path. */
  readonly cacheFolder: string;
  /** Hears what is being done. */
  readonly say?: (text: string) => void;
}

/**
 * Makes the stages of all workspaces, `<out>/<folder>/`, which import each other, and their tarballs,
 * `<out>/*.tgz`.
 *
 * @returns the tarballs, each after those that it depends on.
 */
export async function pack(options: PackOptions): Promise<Tarball[]> {
  const { out, say = () => undefined } = options;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const tarballs: Tarball[] = [];
  for (const folder of workspaces) {
    say(`compiling ${folder}`);
    await stage(out, folder);
    await addCompiled(folder, join(out, folder, 'dist'), options);
    say(`packing ${folder}`);
    const text = await tool('npm', ['pack', '--json', '--pack-destination', out], join(out, folder));
    const [{ filename }] = JSON.parse(text) as [{ filename: string }];
    const file = join(out, filename);
    tarballs.push({ file, bytes: (await stat(file)).size });
  }
  return tarballs;
}

/** Adds what other compilers make, so that nobody who installs a package needs them. */
async function addCompiled(folder: string, target: string, options: PackOptions): Promise<void> {
  const { presets, cacheFolder, say } = options;
  if (folder === 'contracts') {
    say?.('compiling the contracts');
    const artifacts = await loadArtifacts({ cacheFolder });
    await writeFile(join(target, 'artifacts.json'), `${JSON.stringify(artifacts)}\n`);
  } else if (folder === 'circuits') {
    await compileForPacking(join(target, 'compiled'), {
      presets,
      shapes: scoreShapeNames,
      cacheFolder,
      onProgress: ({ stage, id }) => say?.(`${stage} ${id}`),
    });
  } else if (folder === 'desk') {
    say?.('building the page');
    await buildPage(join(target, 'built'));
  }
}
