// What a compiled circuit depends on, as one hash: its main, every file that it includes, the compiler, the options.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: circom runs here and reads nothing outside. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));
/** Folders in which circom looks for included files, relative to the root. */
export const includeFolders = ['circuits', 'node_modules'] as const;
/** O2: circomlib's Poseidon writes its linear layers as constraints, and only this level removes them. */
export const compilerFlags = ['--r1cs', '--wasm', '--O2'] as const;

/** Hash of everything that decides what the compiler writes: 64 hexadecimal digits. */
export function sourceHash(main: string, flags: readonly string[]): string {
  const { version } = createRequire(import.meta.url)('circom2/package.json') as { version: string };
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ compiler: `circom2@${version}`, flags, main }));
  for (const file of includedFiles(main)) {
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** Every file that a source includes, itself or through others, relative to the root and sorted. */
export function includedFiles(main: string): string[] {
  const found = new Set<string>();
  const visit = (source: string, folder: string) => {
    for (const [, name] of source.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)) {
      const candidates = [folder, ...includeFolders].map((base) => join(root, base, name!));
      const path = candidates.find((candidate) => existsSync(candidate));
      if (path === undefined) {
        throw new Error(
          `circom includes "${name}", but it is in none of ${candidates.join(', ')}; run npm install`,
        );
      }
      const file = relative(root, path);
      if (found.has(file)) continue;
      found.add(file);
      visit(readFileSync(path, 'utf8'), dirname(file));
    }
  };
  visit(main, 'circuits');
  return [...found].sort();
}
