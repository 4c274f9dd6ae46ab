// `npm run pack`: the workspaces as packages that can be installed anywhere, below build/packages/.
import { join, relative } from 'node:path';
import { withDefault } from '../node/cli/command/flag.ts';
import { cache, presets } from '../node/cli/command/flags.ts';
import { action } from '../node/cli/command/verb.ts';
import { progress } from '../node/cli/output/progress.ts';
import { runScript } from './script.ts';
import { root } from './stage.ts';

const packing = action({
  summary: 'make packages that `npm install` takes in any folder: build/packages/*.tgz',
  details: `Every workspace is compiled, with its types, in a copy; the checkout stays as it is. The packages
    bring the contracts and the circuits of the presets compiled, so that nobody who installs them needs a
    compiler.`,
  flags: {
    cache,
    presets: withDefault(presets, ['tiny', 'quick', 'base']),
  },
  examples: ['npm run pack', 'npm run pack -- --presets tiny'],
  async run({ presets: names, cache: cacheFolder }) {
    const { pack } = await import('./packages.ts');
    const line = progress();
    const out = join(root, 'build/packages');
    for (const { file, bytes } of await pack({ out, presets: names, cacheFolder, say: line.show })) {
      line.done(`${(bytes / 1e6).toFixed(2).padStart(7)} MB  ${relative(process.cwd(), file)}`);
    }
  },
});

/** Packs; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> => runScript('npm run pack --', packing, args);
