// The program `murmur` in few files: Node takes a second to find and load the thousand modules of a command one by one.
import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { findPackageJSON, isBuiltin } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';
import type { Manifest } from './stage.ts';

/**
 * Packages that stay where npm puts them, since they load files of their own, or since few commands need them. What is
 * taken in is taken in for all that use it: errors of a library are told by their classes.
 */
const outside = [
  '@electric-sql/pglite',
  '@fastify/rate-limit',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  'fastify',
  'node-seal',
  'pg',
  'pg-boss',
  'prom-client',
  'tiny-secp256k1',
  // A checkout builds the desk's page with it; packages have the page built.
  'vite',
];

/**
 * Writes a program and what it imports, of other packages, too, into a folder, which is made anew: the program under
 * its own name and executable, chunks that are loaded when they are first needed, and the licences of what was taken in. The modules
 * stay where they are as well: threads start from there, and what lies beside them is read there.
 *
 * @param entry absolute path of the program's module.
 * @param out absolute path of the folder: in the published form within the program's package.
 * @returns packages that the files import from outside, which whoever installs them needs.
 */
export async function bundleProgram(entry: string, out: string): Promise<string[]> {
  const made = (await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(entry),
    plugins: [placed(entry, out)],
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: out,
      emptyOutDir: true,
      target: 'node24',
      license: { fileName: 'licences.md' },
      rolldownOptions: {
        external: outside,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })) as Rolldown.RolldownOutput;
  await chmod(join(out, basename(entry)), 0o755);
  const files = new Set(made.output.map(({ fileName }) => fileName));
  const imported = made.output.flatMap((file) =>
    file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : [],
  );
  return [...new Set(imported.filter((name) => !files.has(name) && !isBuiltin(name)))].sort();
}

/** What a module of ours looks for beside itself is beside the module, and not beside the chunk that it came into. */
function placed(entry: string, out: string): Plugin {
  const { name: own } = packageOf(entry);
  return {
    name: 'placed',
    enforce: 'pre',
    transform(code, file) {
      if (!file.startsWith('/')) return null;
      if (/\bimport\.meta\.(dirname|filename)\b/.test(code))
        throw new Error(`${file} asks where it is: by import.meta.url alone it is told (scripts/program.ts)`);
      if (!code.includes('import.meta.url')) return null;
      const { name, main } = packageOf(file);
      let url: string;
      if (name === own) url = `new URL(${JSON.stringify(relative(out, file))}, import.meta.url)`;
      else if (name.startsWith('@murmuration/'))
        url = `new URL(${JSON.stringify(relative(dirname(main), file))}, import.meta.resolve(${JSON.stringify(name)}))`;
      // Where a package of others is installed, this one cannot know.
      else
        throw new Error(
          `${file} reads what lies beside it: ${name} has to stay outside (scripts/program.ts)`,
        );
      return code.replaceAll('import.meta.url', () => `${url}.href`);
    },
  };
}

interface Place {
  readonly name: string;
  /** The module that the package's name stands for. */
  readonly main: string;
}

/** The package that a file is of. */
function packageOf(file: string): Place {
  const path = findPackageJSON(pathToFileURL(file))!;
  const { name = path, exports = {} } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>;
  const entry = exports['.'] as string | { readonly default: string } | undefined;
  return { name, main: join(dirname(path), (typeof entry === 'string' ? entry : entry?.default) ?? '') };
}
