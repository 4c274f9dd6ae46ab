// What a file imports: for the rules of which may import which, and for the tests that can notice a change of it.
import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { root } from './suites/suite.ts';

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
/** The files that the repository's packages hand out, by the name under which others import them. */
const faces = new Map(
  workspaces.flatMap((folder) => {
    const { name, exports = {} } = JSON.parse(read(`${folder}/package.json`)) as Manifest;
    return Object.entries(exports).map(([path, file]) => [join(name, path), join(folder, file)] as const);
  }),
);

/** What a source imports, as it names it; a file that it loads by its place, such as a thread's, counts. */
export function importsOf(source: string): string[] {
  const pattern =
    /(?:^(?:import|export)\b[^'"`;]*?\bfrom\s*|^import\s+|\bimport\s*\(\s*|\bnew URL\(\s*)['"]([^'"]+)['"]/gm;
  return [...source.matchAll(pattern)].map((match) => match[1]!);
}

/** The file of the repository that a file means by a name; undefined where it means no file of the repository. */
export const importedFile = (file: string, name: string): string | undefined =>
  name.startsWith('.') ? join(dirname(file), name).split(sep).join('/') : faces.get(name);

/** The sources of the repository that a source imports. */
export const importedFiles = (file: string): string[] =>
  importsOf(read(file))
    .flatMap((name) => importedFile(file, name) ?? [])
    .filter((imported) => /\.[jt]sx?$/.test(imported));

/** The files of the threads that a file starts; each lies beside it. */
export const startedFiles = (file: string): string[] =>
  [...read(file).matchAll(/\b(?:startSibling|sibling)\(\s*import\.meta\.url,\s*'([^']+)'/g)].map((match) =>
    join(dirname(file), `${match[1]}.ts`),
  );
