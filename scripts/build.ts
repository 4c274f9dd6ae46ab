// `npm run build`: circuits and development keys of presets, and the contracts, below build/; what is there
// is reused.
import { withDefault } from '../node/cli/command/flag.ts';
import { cache, presets } from '../node/cli/command/flags.ts';
import { action } from '../node/cli/command/verb.ts';
import { progress } from '../node/cli/output/progress.ts';
import { runScript } from './script.ts';

const build = action({
  summary: 'compile circuits and contracts, and make development keys',
  details: `The keys are INSECURE: anyone can forge with them. Everything lands below build/ and is reused by
    content hash. Whatever needs a part makes it too, if it is not there.`,
  flags: {
    cache,
    presets: withDefault(presets, ['tiny', 'quick']),
  },
  examples: ['npm run build', 'npm run build -- --presets base'],
  async run({ presets: names, cache: cacheFolder }) {
    const { ensureDevelopmentKeys } = await import('@murmuration/prover');
    const { loadArtifacts } = await import('@murmuration/contracts');
    const line = progress();
    for (const name of names) {
      const keys = await ensureDevelopmentKeys(name, {
        cacheFolder,
        onProgress: ({ stage, id }) => line.show(`${stage} ${id}`),
      });
      line.done(`circuits and ${keys.kind} keys of ${name}: ${keys.folder}`);
    }
    line.show('compiling contracts');
    await loadArtifacts({ cacheFolder });
    line.done('contracts compiled');
  },
});

/** Builds what is missing; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> => runScript('npm run build --', build, args);
