// `npm run bench`: runs one part's benchmark; the part reads its own flags and prints its own table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { operand } from '../node/cli/command/flag.ts';
import { oneOf } from '../node/cli/command/rules.ts';
import { action } from '../node/cli/command/verb.ts';
import { runScript } from './script.ts';

const parts = [
  'he',
  'prove',
  'learn',
  'round',
  'service',
  'audit',
  'credit',
  'privacy',
  'desk',
  'sizes',
] as const;

/** Runs the benchmark of one part, bench/<part>.ts, in a process of its own; resolves to its exit code. */
export function main([part, ...rest]: readonly string[]): Promise<number> {
  const bench = action({
    summary: 'measure one part on this machine',
    details: `he [--json]: encrypt, add, decryption share, combine, bytes.

      prove [--json] [--presets NAMES] [--runs N] [--rapidsnark BINARY]: constraints, witness, proof,
      verification, memory.

      learn [--json] [--seeds N,N] [--rounds N]: accuracy over rounds against dense federated averaging.

      round [--json] [--preset NAME] [--rounds N]: where the time of a round of npm start goes.

      service [--json] [--preset NAME] [--jobs N] [--clients N]: proofs a minute of the prover service, and
      how fast it answers meanwhile; with two agents where $DATABASE_URL names a PostgreSQL.

      audit [--json] [--preset NAME] [--proofs N] [--threads N] [--runs N]: proofs verified a second, in batches.

      credit [--json] [--splits N]: how well scores of three lenders' loans tell who defaults, over splits of the rows.

      privacy [--only inversion,membership] [--seeds N,N] [--long] [--folder FOLDER] [--dry]: attacks on updates,
      sums and models; keeps its runs and writes docs/privacy.md.

      desk [--json] [--preset NAME] [--runs N] [--browser PATH]: seconds from npx murmur open to training, where the
      packages of npm run pack are installed and nothing was ever run. A Chromium clicks.

      sizes [--json] [--only memory,wire,packages,page,keys] [--preset NAME]: peak memory of each role, bytes on the wire,
      of the packages, of the page and of keys.`,
    flags: {
      part: operand(
        'PART',
        'he, prove, learn, round, service, audit, credit, privacy, desk or sizes',
        oneOf(...parts),
      ),
    },
    examples: ['npm run bench -- he', 'npm -s run bench -- prove --presets tiny --json'],
    async run(settings) {
      const file = fileURLToPath(new URL(`../bench/${settings.part}.ts`, import.meta.url));
      const [code] = await once(spawn(process.execPath, [file, ...rest], { stdio: 'inherit' }), 'exit');
      return code ?? 1;
    },
  });
  // The parts' flags are told here, and the part itself would know no --help.
  const own = part === undefined ? [] : [part];
  return runScript('npm run bench --', bench, rest.includes('--help') ? ['--help'] : own);
}
