// `npm run pack`: the workspaces as packages that can be installed anywhere, below build/packages/.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileForPacking } from '@murmuration/circuits';
import { loadArtifacts } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import { parsePreset } from '@murmuration/prover';
import { cacheFolder } from '../node/cli/cache_folder.ts';
import { progress } from '../node/cli/output/progress.ts';
import { root, stage, tool, workspaces } from './stage.ts';

const help = `npm run pack -- [--presets tiny,quick,base] [--out FOLDER]

Compiles every workspace, its contracts and the circuits of the presets, and packs them: build/packages/*.tgz, which
\`npm install\` takes in any folder. Circuits of other presets are not in the packages.

  npm run pack
  npm run pack -- --presets tiny,quick,base,wide`;

/** Packs; resolves to 0. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      presets: { type: 'string', default: 'tiny,quick,base' },
      out: { type: 'string', default: join(root, 'build/packages') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const line = progress();
  const presets = values.presets.split(',').map((name) => parsePreset(name).name);
  const tarballs = await pack({ out: resolve(values.out), presets, say: line.show });
  for (const { file, bytes } of tarballs) {
    line.done(`${(bytes / 1e6).toFixed(2).padStart(7)} MB  ${relative(process.cwd(), file)}`);
  }
  return 0;
}

export interface Tarball {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
}

export interface PackOptions {
  /** Absolute path of a folder below the checkout, whose node_modules the compiler needs. It is made anew. */
  readonly out: string;
  /** Presets whose circuits come compiled. */
  readonly presets: readonly PresetName[];
  /** Hears what is being done. */
  readonly say: (text: string) => void;
}

/** Makes the stages of all workspaces, `<out>/<folder>/`, and their tarballs, `<out>/*.tgz`. */
export async function pack({ out, presets, say }: PackOptions): Promise<Tarball[]> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const tarballs: Tarball[] = [];
  /** What others than the TypeScript compiler make. */
  const addCompiled = async (target: string, folder: string) => {
    if (folder === 'contracts') {
      say('compiling the contracts');
      const artifacts = await loadArtifacts({ cacheFolder: cacheFolder() });
      await writeFile(join(target, 'artifacts.json'), `${JSON.stringify(artifacts)}\n`);
    } else if (folder === 'circuits') {
      const onProgress = ({ stage, id }: { stage: string; id: string }) => say(`${stage} ${id}`);
      await compileForPacking(join(target, 'compiled'), { presets, cacheFolder: cacheFolder(), onProgress });
    }
  };
  for (const folder of workspaces) {
    say(`compiling ${folder}`);
    await stage(out, folder);
    await addCompiled(join(out, folder, 'dist'), folder);
    say(`packing ${folder}`);
    const text = await tool('npm', ['pack', '--json', '--pack-destination', out], join(out, folder));
    const [{ filename }] = JSON.parse(text) as [{ filename: string }];
    const file = join(out, filename);
    tarballs.push({ file, bytes: (await stat(file)).size });
  }
  return tarballs;
}
