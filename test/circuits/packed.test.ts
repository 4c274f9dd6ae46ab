// The published package brings its circuits compiled: what is packed, and that it is used without compiler,
// sources and cache.
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileForPacking, ensureCircuit } from '@murmuration/circuits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../cache_folder.ts';
import { root } from '../suites/suite.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-packed-'));
  const modules = (await readdir(join(root, 'circuits'))).filter((name) => /\.(ts|json)$/.test(name));
  for (const name of modules) await cp(join(root, 'circuits', name), join(folder, name));
  await mkdir(join(folder, 'node_modules/@murmuration'), { recursive: true });
  await symlink(join(root, 'node_modules/@murmuration/core'), join(folder, 'node_modules/@murmuration/core'));
  // No compiler can be found from there, whatever lies in the folders above.
  await mkdir(join(folder, 'node_modules/circom2'));
  await writeFile(join(folder, 'node_modules/circom2/package.json'), '{ "name": "circom2", "exports": {} }');
  await compileForPacking(join(folder, 'compiled'), { presets: ['tiny'], cacheFolder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the modules beside the packed circuits do, in a process of its own. */
async function packed(code: string): Promise<unknown> {
  const script = `import { ensureCircuit } from './index.ts'; console.log(JSON.stringify(await (${code})))`;
  const args = ['--input-type=module-typescript', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return JSON.parse(stdout);
}

const told = '.catch(({ code, message }) => ({ code, message }))';

describe('packed circuits', () => {
  it('are a folder for each circuit, and an index', async () => {
    const index = JSON.parse(await readFile(join(folder, 'compiled/index.json'), 'utf8'));
    const { sourceHash } = await ensureCircuit('update', 'tiny', { cacheFolder });
    expect(Object.keys(index)).toEqual(['update/tiny', 'aggregate/tiny', 'alignment/tiny']);
    expect(index['update/tiny']).toBe(sourceHash);
    expect((await readdir(join(folder, 'compiled/update-tiny'))).sort()).toEqual([
      'main.r1cs',
      'main.wasm',
      'record.json',
    ]);
  });

  it('are those of the cache, and nothing is compiled or written', async () => {
    const compiled = await ensureCircuit('aggregate', 'tiny', { cacheFolder });
    const found = await packed(`ensureCircuit('aggregate', 'tiny', { cacheFolder: '/nowhere' })`);
    const place = join(folder, 'compiled/aggregate-tiny');
    expect(found).toEqual({
      ...compiled,
      r1cs: { ...compiled.r1cs, path: join(place, 'main.r1cs') },
      wasm: { ...compiled.wasm, path: join(place, 'main.wasm') },
    });
  });

  it('say what is missing to compile another one', async () => {
    expect(await packed(`ensureCircuit('update', 'wide', { cacheFolder: '/nowhere' })${told}`)).toEqual({
      code: 'compiler',
      message: 'circuits are compiled with circom2, which is not installed',
    });
  });

  it('that were altered are refused', async () => {
    await appendFile(join(folder, 'compiled/alignment-tiny/main.wasm'), 'x');
    expect(await packed(`ensureCircuit('alignment', 'tiny', { cacheFolder: '/nowhere' })${told}`)).toEqual({
      code: 'artifact',
      message: expect.stringMatching(/main\.wasm has SHA-256 .*, but .* was built/),
    });
  });
});
