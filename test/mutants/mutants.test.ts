// The list of mutants fits the code as it is. Whether tests notice them takes hours: `npm run mutants`.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../suites/suite.ts';
import { drawMutants } from './draw.ts';
import { runTests } from './judge.ts';
import { mutated, readMutants, sourceOf } from './mutant.ts';
import { nearestTests } from './nearest.ts';

const mutants = readMutants();

it.each(mutants)('$part $name: its text stands in $file once, and its tests are there', (mutant) => {
  expect(mutated(sourceOf(mutant), mutant)).not.toBe(sourceOf(mutant));
  for (const test of mutant.tests) expect(existsSync(join(root, test)), test).toBe(true);
});

it('each has a name of its own, which is no part’s', () => {
  const names = [...mutants.map(({ name }) => name), ...new Set(mutants.map(({ part }) => part))];
  expect(new Set(names).size).toBe(names.length);
});

it('a text that stands in its file never, twice, or unchanged is refused', () => {
  const mutant = { ...mutants[0]!, text: 'a < b', instead: 'a <= b' };
  expect(mutated('if (a < b) f();', mutant)).toBe('if (a <= b) f();');
  expect(() => mutated('if (a > b) f();', mutant)).toThrow(/stands 0 times/);
  expect(() => mutated('a < b; a < b', mutant)).toThrow(/stands 2 times/);
  expect(() => mutated('a < b', { ...mutant, instead: 'a < b' })).toThrow(/changes nothing/);
});

it('the same seed draws the same mutants, each of which changes its file and has tests that are near', async () => {
  const drawn = await drawMutants(40, 3, ['node/protocol/innovation', 'he/wellformed']);
  expect(drawn).toHaveLength(40);
  const again = await drawMutants(40, 3, ['node/protocol/innovation', 'he/wellformed']);
  expect(again.map(({ name, harm }) => name + harm)).toEqual(drawn.map(({ name, harm }) => name + harm));
  for (const mutant of drawn) {
    const right = sourceOf(mutant);
    expect(mutant.wrong(right)).not.toBe(right);
    expect(mutant.tests.length).toBeGreaterThan(0);
    for (const test of mutant.tests) expect(existsSync(join(root, test)), test).toBe(true);
  }
  expect(nearestTests('node/keystore/keystore.ts', '')[0]).toBe('test/node/keystore/keystore.test.ts');
  // What runs in a thread of its own is met by the tests of what starts the thread.
  const thread = nearestTests('prover/wasm/threads/selection.worker.ts', '');
  expect(thread).toContain('test/prover/wasm/threads.test.ts');
  // The tests of a folder belong to its files, be they slow.
  const backend = nearestTests('prover/backends/thread.ts', sourceOf({ file: 'prover/backends/thread.ts' }));
  expect(backend).toContain('test/prover/backends/backends.test.ts');
});

it('the judge tells tests that pass, fail, and cannot run apart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    mkdirSync(join(folder, 'test'));
    mkdirSync(join(folder, 'build'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const file of ['vitest.config.ts', 'test/pool.ts', 'test/unchanged.ts'])
      copyFileSync(join(root, file), join(folder, file));
    const write = (name: string, body: string) =>
      writeFileSync(
        join(folder, 'test', name),
        `import { beforeAll, describe, expect, it } from 'vitest';\n${body}`,
      );
    write('good.test.ts', "it('holds', () => expect(1).toBe(1));");
    write('bad.test.ts', "it('does not hold', () => expect(1).toBe(2));");
    write('outside.test.ts', "it('holds', () => void Promise.reject(new Error('nobody awaits it')));");
    write(
      'group.test.ts',
      "describe('of two', () => {\nbeforeAll(() => { throw 1; });\nit('runs', () => undefined);\n});",
    );
    write('late.test.ts', "it('waits', () => new Promise(() => undefined), 10);");
    write(
      'prepares.test.ts',
      "beforeAll(() => new Promise(() => undefined), 10);\nit('runs', () => undefined);",
    );
    write('none.test.ts', 'it(');
    write('early.test.ts', "throw new Error('the key is unsound');\nit('runs', () => undefined);");
    expect(await runTests(folder, ['test/good.test.ts'])).toEqual({ end: 'passed' });
    expect(await runTests(folder, ['test/bad.test.ts'])).toEqual({
      end: 'failed',
      by: 'does not hold',
      tests: ['test/bad.test.ts'],
    });
    const early = {
      end: 'failed',
      by: 'before its first test: the key is unsound',
      tests: ['test/early.test.ts'],
    };
    expect(await runTests(folder, ['test/early.test.ts'])).toEqual(early);
    expect(await runTests(folder, ['test/good.test.ts', 'test/outside.test.ts'])).toEqual({
      end: 'failed',
      by: 'an error outside of the tests',
      tests: ['test/outside.test.ts'],
    });
    const group = await runTests(folder, ['test/group.test.ts']);
    expect(group).toMatchObject({ end: 'failed', by: 'before the first test of a group' });
    for (const late of ['test/late.test.ts', 'test/prepares.test.ts'])
      expect(await runTests(folder, [late])).toEqual({ end: 'ended', tests: [late] });
    expect((await runTests(folder, ['test/none.test.ts'])).end).toBe('broken');
    expect((await runTests(folder, ['test/nowhere.test.ts'])).end).toBe('broken');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
