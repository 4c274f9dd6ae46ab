// Linters and formatters: biome for TypeScript, forge and solhint for Solidity.
import { commands, type Suite } from './suite.ts';

/**
 * Lint compiles the sources alone: in a cache of its own, or `forge test` would find nothing to compile and
 * no tests.
 */
const lintBuild = ['FOUNDRY_OUT=build/contracts/lint/out', 'FOUNDRY_CACHE_PATH=build/contracts/lint/cache'];

export const lint: Suite = {
  name: 'lint',
  what: 'biome, forge fmt, forge lint, solhint',
  run: () =>
    commands([
      ['TypeScript lint and format', 'biome', 'check', '--error-on-warnings'],
      ['Solidity format', 'forge', 'fmt', '--check'],
      ['Solidity lint (forge)', 'env', ...lintBuild, 'forge', 'lint', '--deny', 'warnings'],
      [
        'Solidity lint (solhint)',
        'solhint',
        '--max-warnings',
        '0',
        '-c',
        'contracts/.solhint.json',
        'contracts/src/**/*.sol',
      ],
    ]),
};
