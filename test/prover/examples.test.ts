// The documented face: everything that the package hands out says what it is, and the examples run and print
// what they say.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../cache_folder.ts';
import { examplesOf, handedOut, runExample, typeErrors, undocumented } from '../documented_face.ts';
import { root } from '../suites/suite.ts';
import { writeTestPtau } from './support/ptau.ts';

const examples = examplesOf('prover');
let folder: string;

/** A folder as a user has one: the packages, a cache, and a Powers of Tau file. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-examples-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await symlink(cacheFolder, join(folder, 'build'));
  await writeTestPtau(join(folder, 'powersOfTau28_hez_final_12.ptau'), 7);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * A ceremony for the circuits of `tiny` takes minutes: the example's is for stand-ins of a few constraints.
 */
const instances = new URL('./support/instances.ts', import.meta.url);
const withSmallCircuits = (code: string) =>
  code.replace(
    "{ cacheFolder: 'build' };",
    `{ circuits: await (await import('${instances}')).smallCircuits('circuits') };`,
  );

describe('the examples', () => {
  it('are one a group', () => {
    const files = examples.map(({ name }) => name.replace(/ .*/, ''));
    expect(files).toEqual([
      'prover/batch.ts',
      'prover/ceremony/ceremony.ts',
      'prover/keys/development.ts',
      'prover/presets.ts',
      'prover/prover.ts',
      'prover/prover.ts',
      'prover/statements/alignment.ts',
    ]);
  });

  it.each(examples)('$name prints what it says', ({ code, printed }) => {
    expect(printed).not.toBe('');
    const { stdout, stderr } = runExample(withSmallCircuits(code), folder);
    expect(stdout, stderr).toBe(printed);
  });

  it('type-check in the strictest mode', () => {
    expect(typeErrors(examples)).toBe('');
  });
});

describe('the face', () => {
  const faces = ['prover/index.ts', 'prover/ceremony/index.ts', 'prover/score/index.ts'];
  const names = faces.flatMap(handedOut);

  it('is read by this test', () => expect(names.length).toBeGreaterThan(80));

  it.each(names)('%s is documented, every member of it too', (...name) => {
    expect(undocumented(name)).toEqual([]);
  });
});
