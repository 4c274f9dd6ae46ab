// `npm run build`: circuits and development keys of presets, and the contracts, below build/; what is there is reused.
import { parseArgs } from 'node:util';
import { loadArtifacts } from '@murmuration/contracts';
import { ensureDevelopmentKeys, parsePreset } from '@murmuration/prover';
import { cacheFolder } from '../node/cli/cache_folder.ts';
import { progress } from '../node/cli/progress.ts';

const help = `npm run build -- [--presets tiny,quick]

Compiles the circuits of the presets and makes their (insecure) development keys, and compiles the contracts.
Everything lands below build/ and is reused by content hash.

  npm run build
  npm run build -- --presets base`;

/** Builds what is missing; resolves to 0. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      presets: { type: 'string', default: 'tiny,quick' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const line = progress();
  for (const { name } of values.presets.split(',').map(parsePreset)) {
    const keys = await ensureDevelopmentKeys(name, {
      cacheFolder: cacheFolder(),
      onProgress: ({ stage, id }) => line.show(`${stage} ${id}`),
    });
    line.done(`circuits and ${keys.kind} keys of ${name}: ${keys.folder}`);
  }
  line.show('compiling contracts');
  await loadArtifacts({ cacheFolder: cacheFolder() });
  line.done('contracts compiled');
  return 0;
}
