// Linters and formatters: biome for TypeScript, forge and solhint for Solidity.
import { commands, type Suite } from './suite.ts';

export const lint: Suite = {
  name: 'lint',
  what: 'biome, forge fmt, forge build, forge lint, solhint',
  run: () =>
    commands([
      ['TypeScript lint and format', 'biome', 'check', '--error-on-warnings'],
      ['Solidity format', 'forge', 'fmt', '--check'],
      // Lint alone would compile the sources alone, and `forge test` would find nothing to compile and no tests.
      ['Solidity compiles', 'forge', 'build'],
      ['Solidity lint (forge)', 'forge', 'lint', '--deny', 'warnings'],
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
