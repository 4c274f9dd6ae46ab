// `npm run pack`: the workspaces as packages that can be installed anywhere, below build/packages/.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadArtifacts } from '@murmuration/contracts';
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
  const out = resolve(values.out);
  const tarballs = await pack(out, line.show);
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

/** Makes the stages and tarballs of all workspaces in a folder below the checkout, in place of what is there. */
export async function pack(out: string, say: (text: string) => void): Promise<Tarball[]> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const tarballs: Tarball[] = [];
  for (const folder of workspaces) {
    say(`compiling ${folder}`);
    await stage(out, folder);
    if (folder === 'contracts') await addContracts(join(out, folder), say);
    say(`packing ${folder}`);
    const text = await tool('npm', ['pack', '--json', '--pack-destination', out], join(out, folder));
    const [{ filename }] = JSON.parse(text) as [{ filename: string }];
    const file = join(out, filename);
    tarballs.push({ file, bytes: (await stat(file)).size });
  }
  return tarballs;
}

async function addContracts(target: string, say: (text: string) => void): Promise<void> {
  say('compiling the Solidity sources');
  await writeFile(join(target, 'dist/artifacts.json'), `${JSON.stringify(await loadArtifacts())}\n`);
}
