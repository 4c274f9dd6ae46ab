// What a compiled circuit depends on, as one hash: its main, every file that it includes, the compiler, the
// options. Files go by the names that circom knows them by, `circuits/...` and `node_modules/circomlib/...`,
// so that the hash is the same wherever this package is installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CircuitError } from './errors.ts';

/** Folders in which circom looks for included files. */
export const includeFolders = ['circuits', 'node_modules'] as const;
/** O2: circomlib's Poseidon writes its linear layers as constraints, and only this level removes them. */
export const compilerFlags = ['--r1cs', '--wasm', '--O2'] as const;

/** The circom files of this package lie beside its modules, as sources and when packed. */
const ownFolder = fileURLToPath(new URL('./', import.meta.url));
const libraries = { circom2: '0.2.23', circomlib: '2.0.5' } as const;

/** A file that a source includes. */
export interface IncludedFile {
  /** As circom finds it, relative to its working directory: `circuits/lib/range.circom`. */
  readonly name: string;
  /** Where it is on this machine. */
  readonly path: string;
}

/**
 * The folder of circom2 or circomlib.
 *
 * @throws {CircuitError} `compiler` where it is not installed: only a checkout installs it by itself.
 */
export function libraryFolder(library: keyof typeof libraries): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${library}/package.json`));
  } catch (cause) {
    const packages = Object.entries(libraries).map(([name, version]) => `${name}@${version}`);
    throw new CircuitError('compiler', `circuits are compiled with ${library}, which is not installed`, {
      mend: `Run \`npm install --no-save ${packages.join(' ')}\`, or take a preset that comes compiled.`,
      cause,
    });
  }
}

/** Hash of everything that decides what the compiler writes: 64 hexadecimal digits. */
export function sourceHash(main: string, flags: readonly string[]): string {
  const manifest = readFileSync(join(libraryFolder('circom2'), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ compiler: `circom2@${version}`, flags, main }));
  for (const { name, path } of includedFiles(main)) hash.update(`\n${name}\n`).update(readFileSync(path));
  return hash.digest('hex');
}

/**
 * Every file that a source includes, itself or through others, sorted by name.
 *
 * @throws {CircuitError} `source` where one is in none of the folders.
 */
export function includedFiles(main: string): IncludedFile[] {
  const found = new Map<string, string>();
  const visit = (source: string, folder: string) => {
    for (const [, wanted] of source.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)) {
      const names = [folder, ...includeFolders].map((base) => posix.join(base, wanted!));
      const name = names.find((candidate) => existsSync(pathOf(candidate)));
      if (name === undefined) {
        throw new CircuitError(
          'source',
          `circom includes "${wanted}", but it is none of ${names.join(', ')}`,
        );
      }
      if (found.has(name)) continue;
      const path = pathOf(name);
      found.set(name, path);
      visit(readFileSync(path, 'utf8'), posix.dirname(name));
    }
  };
  visit(main, 'circuits');
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => ({ name, path }));
}

/** Where a file is that circom knows by this name. */
function pathOf(name: string): string {
  const [top, library, ...rest] = name.split('/');
  if (top === 'circuits') return join(ownFolder, name.slice('circuits/'.length));
  return library === 'circomlib' ? join(libraryFolder('circomlib'), ...rest) : '';
}
