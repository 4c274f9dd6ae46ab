// Compilation: instances as data, content-addressed folders, altered files named.
import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CircuitError,
  circuitInstance,
  ensureCircuit,
  ensureSource,
  mainSource,
  parseCircuitName,
  publicSignalNames,
  readR1csHeader,
} from '@murmuration/circuits';
import { describe, expect, it, onTestFinished } from 'vitest';
import { includedFiles, libraryFolder, sourceHash } from '../../circuits/sources.ts';
import { cacheFolder } from '../cache_folder.ts';

/** For what is altered: killed in the middle, a test leaves nothing of it where others look. */
async function ownFolder(): Promise<{ readonly cacheFolder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'circuits-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { cacheFolder: folder };
}

const page = readFileSync(new URL('../../docs/encodings.md', import.meta.url), 'utf8');

describe('instances', () => {
  it.each(['update', 'aggregate', 'alignment'] as const)(
    'the public signals of %s are those of the page',
    (circuit) => {
      const [, section] = page.split('## Public signals');
      const [, signals] = section!.match(new RegExp(`^\\| *\`${circuit}\` *\\| *\`([^\`]+)\` *\\|$`, 'm'))!;
      expect(publicSignalNames(circuit)).toEqual(signals!.split(', '));
    },
  );

  it('become a main with numbers, domains and public signals', () => {
    const instance = circuitInstance('alignment', 'tiny');
    const [update] = instance.domains;
    expect(mainSource(instance)).toBe(
      [
        'pragma circom 2.1.6;',
        'include "alignment.circom";',
        'component main {public [hUpdate, before, out, first, last, squaredLength, references]} = ' +
          `Alignment(96, 8, ${update});`,
        '',
      ].join('\n'),
    );
  });

  it('refuse parameters that are no sizes, and unknown names', () => {
    const instance = circuitInstance('update', 'tiny');
    for (const n of [0, -1, 1.5]) {
      expect(() => mainSource({ ...instance, parameters: { ...instance.parameters, n } })).toThrow(
        /update\/tiny: parameter n is/,
      );
    }
    expect(() => parseCircuitName('sum')).toThrow(/one of update, aggregate, alignment/);
  });
});

describe('sources', () => {
  it('are all files that a main includes, circomlib’s among them', () => {
    const files = includedFiles('include "update.circom";').map(({ name }) => name);
    expect(files).toContain('circuits/lib/range.circom');
    expect(files).toContain('node_modules/circomlib/circuits/poseidon_constants.circom');
    expect(files).not.toContain('circuits/alignment.circom');
    expect(() => includedFiles('include "nowhere.circom";')).toThrow(/includes "nowhere.circom"/);
  });

  it('hash differently for another main or other options', () => {
    const main = mainSource(circuitInstance('update', 'tiny'));
    const hashes = [
      sourceHash(main, ['--O2']),
      sourceHash(main, ['--O1']),
      sourceHash(main.replace('(96,', '(64,'), ['--O2']),
    ];
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('the compiler', () => {
  it('that is missing is named, with what installs it', () => {
    expect(() => libraryFolder('circom3' as never)).toThrow(
      expect.objectContaining({
        code: 'compiler',
        message: 'circuits are compiled with circom3, which is not installed',
        mend: expect.stringContaining('`npm install --no-save circom2@'),
      }),
    );
  });

  it('has the version that package.json names', () => {
    const { devDependencies } = JSON.parse(
      readFileSync(new URL('../../circuits/package.json', import.meta.url), 'utf8'),
    ) as { devDependencies: Record<string, string> };
    const wanted = Object.entries(devDependencies).map(([name, version]) => `${name}@${version}`);
    expect(() => libraryFolder('circom3' as never)).toThrow(
      expect.objectContaining({
        mend: expect.stringContaining(`\`npm install --no-save ${wanted.join(' ')}\``),
      }),
    );
  });
});

describe('compilation', () => {
  const main = (value: number) =>
    `pragma circom 2.1.6;\ninclude "lib/range.circom";\ncomponent main {public [in]} = Range(${value});\n`;

  it('is done once, also when asked for twice at a time', async () => {
    const { r1cs } = await ensureSource('test/once', main(5), { cacheFolder });
    await rm(dirname(r1cs.path), { recursive: true });
    const stages: string[] = [];
    const build = () =>
      ensureSource('test/once', main(5), { cacheFolder, onProgress: ({ stage }) => void stages.push(stage) });
    const [first, second] = await Promise.all([build(), build()]);
    expect(first).toEqual(second);
    expect(first.constraints).toBe(5);
    expect(stages).toEqual(['compiling', 'compiled']);
    await build();
    expect(stages.at(-1)).toBe('reused');
    expect(readR1csHeader(await readFile(first.r1cs.path))).toMatchObject({
      constraints: 5,
      publicInputs: 1,
    });
  });

  it('names a file that was altered, and what mends it', async () => {
    const own = await ownFolder();
    const { wasm } = await ensureSource('test/altered', main(6), own);
    await appendFile(wasm.path, 'x');
    await expect(ensureSource('test/altered', main(6), own)).rejects.toMatchObject({
      code: 'artifact',
      message: expect.stringMatching(/test\/altered: .*main\.wasm has SHA-256 /),
      mend: 'Delete the folder to build it again.',
    });
    await rm(dirname(wasm.path), { recursive: true });
    expect((await ensureSource('test/altered', main(6), own)).wasm.sha256).toBe(wasm.sha256);
  });

  it('names a record that cannot be read', async () => {
    const own = await ownFolder();
    const { r1cs } = await ensureSource('test/record', main(7), own);
    await writeFile(`${dirname(r1cs.path)}/record.json`, '{');
    await expect(ensureSource('test/record', main(7), own)).rejects.toThrow(/record\.json cannot be read/);
  });

  it('hands on what circom says of a source that is wrong', async () => {
    const wrong =
      'pragma circom 2.1.6;\ntemplate T() { signal input a; a * a * a === 1; }\ncomponent main = T();\n';
    await expect(ensureSource('test/wrong', wrong, { cacheFolder })).rejects.toThrow(CircuitError);
    await expect(ensureSource('test/wrong', wrong, { cacheFolder })).rejects.toMatchObject({
      code: 'source',
    });
    await expect(ensureSource('test/wrong', wrong, { cacheFolder })).rejects.toThrow(
      /test\/wrong does not compile:[\s\S]*quadratic/i,
    );
  });

  it('the r1cs of another kind is refused', () => {
    expect(() => readR1csHeader(new Uint8Array(80))).toThrow(/a file of this kind with "r1cs"/);
    const cut = Uint8Array.from(
      Buffer.from('r1cs\x01\0\0\0\x01\0\0\0\x01\0\0\0\x40\0\0\0\0\0\0\0', 'latin1'),
    );
    expect(() => readR1csHeader(cut)).toThrow(/cut short/);
  });

  it('tiny is a circuit of the stated size', async () => {
    const artifact = await ensureCircuit('update', 'tiny', { cacheFolder });
    expect(artifact).toMatchObject({
      id: 'update/tiny',
      constraints: 1504,
      publicSignals: ['h', 'gamma', 'y', 'normBound'],
    });
  });
});
