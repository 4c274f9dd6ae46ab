// The example in prover/README.md runs as printed.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('commits, proves and verifies an update in fifteen lines', async () => {
  const readme = await readFile(new URL('../../prover/README.md', import.meta.url), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(15);
  const args = ['--input-type=module-typescript', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 100_000 });
  expect(stdout).toBe('true true\n');
});

it('has the codes of the errors as the type has them', async () => {
  const [readme, source] = await Promise.all(
    ['README.md', 'errors.ts'].map((name) => readFile(join(root, 'prover', name), 'utf8')),
  );
  const table = /\| code \| what is wrong \|\n([\s\S]*?)\n\n/.exec(readme!)![1]!;
  const told = table.split('\n').flatMap((row) => [...row.split('|')[1]!.matchAll(/`([a-z-]+)`/g)]);
  const declared = [.../ProverErrorCode =\n([\s\S]*?);/.exec(source!)![1]!.matchAll(/'([a-z-]+)'/g)];
  const listed = [...source!.matchAll(/^ \* - `([a-z-]+)`:/gm)];
  const codes = (matches: RegExpMatchArray[]) => matches.map(([, code]) => code);
  expect(codes(told)).toEqual(codes(declared));
  expect(codes(listed)).toEqual(codes(declared));
});
