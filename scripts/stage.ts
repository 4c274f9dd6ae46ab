// Makes the published form of a workspace: compiled JavaScript with types, its program in few files where it has one, and
// a package.json that points to them. The sources are copied to a stage and compiled there, against the stages of the
// packages that they depend on; the checkout stays as it is.
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleProgram } from './program.ts';

/** The repository's root. */
export const root: string = fileURLToPath(new URL('../', import.meta.url));

/** The parts of a package.json that packing reads. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  /** Modules and files by the name that others import; in the published form, both faces of each module. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What a package brings beside its compiled modules. */
interface Plan {
  /** The package's page, relative to its folder. */
  readonly readme: string;
  /** Development's own files, as patterns: neither compiled nor published. */
  readonly without: readonly string[];
  /** Files that modules read beside themselves, as patterns: dist/ has them where the checkout has them. */
  readonly assets: readonly string[];
  /** Files of the checkout beside the workspaces that modules read, as patterns: the package has them beside dist/. */
  readonly beside: readonly string[];
}

/** The workspaces' folders, each after those that it depends on. */
export const workspaces: readonly string[] = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
).workspaces;

const common: Plan = { readme: 'README.md', without: [], assets: [], beside: [] };
const plans: Readonly<Record<string, Partial<Plan>>> = {
  circuits: { assets: ['**/*.circom'] },
  contracts: { without: ['test/**', 'tools/render_abi.ts'] },
  desk: { without: ['page/**'] },
  node: {
    readme: 'cli/README.md',
    beside: [
      'examples/*/task.json',
      'examples/*/data/*',
      'examples/programs/*.py',
      'examples/update_job.json',
    ],
  },
};

/** Files of the checkout that lie in the package of the command line under the same path. */
export const besideProgram: readonly string[] = globSync([...plans.node!.beside!], { cwd: root }).toSorted();

/** The package.json of a workspace. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Copies a workspace's sources to `<stages>/<folder>`, compiles them to `dist/` there, and adds what the
 * package needs beside them. Its dependencies among the workspaces must be staged before.
 *
 * @param stages is an absolute path below the checkout, whose node_modules the compiler needs.
 */
export async function stage(stages: string, folder: string): Promise<void> {
  const plan = { ...common, ...plans[folder] };
  const target = join(stages, folder);
  await rm(target, { recursive: true, force: true });
  const ignored = ['node_modules/**', 'dist/**', 'package.json', ...plan.without];
  await copyFiles(join(root, folder), target, ['**/*.{ts,js,json}'], ignored);
  await compile(target);
  await keepOnly(target, 'dist');
  await copyFiles(join(root, folder), join(target, 'dist'), plan.assets);
  await copyFiles(root, target, plan.beside);
  const source = readManifest(folder);
  const manifest = published(source);
  const write = () => writeFile(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await write();
  for (const path of Object.values(source.bin ?? {})) {
    const needed = await bundleProgram(join(target, 'dist', path), join(target, programFolder));
    Object.assign(manifest.dependencies, versionsOf(needed));
    await write();
  }
  for (const name of foldersOf(manifest))
    await cp(join(root, folder, name), join(target, name), { recursive: true });
  await copyFile(join(root, 'LICENSE'), join(target, 'LICENSE'));
  await copyFile(join(root, 'NOTICE'), join(target, 'NOTICE'));
  const page = await readFile(join(root, folder, plan.readme), 'utf8');
  await writeFile(join(target, 'README.md'), withoutDeadLinks(page, target));
  await link(target, join(stages, 'node_modules', manifest.name));
}

/**
 * Compiles the sources in a folder to its `dist/`. Maps carry the sources, which the package does not.
 *
 * @throws Error with the compiler's words.
 */
export async function compile(target: string): Promise<void> {
  const base = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
  const compilerOptions = {
    ...base.compilerOptions,
    noEmit: false,
    allowJs: true,
    declaration: true,
    inlineSources: true,
    outDir: 'dist',
    rewriteRelativeImportExtensions: true,
    rootDir: '.',
    sourceMap: true,
  };
  const config = { compilerOptions, include: ['**/*'], exclude: ['dist', 'node_modules'] };
  await writeFile(join(target, 'tsconfig.json'), `${JSON.stringify(config, null, 2)}\n`);
  await tool('tsc', ['--project', target]).catch((error: { stdout?: string }) => {
    const lines = (error.stdout ?? String(error)).split('\n').filter((line) => !line.startsWith(' '));
    throw new Error(
      [`${basename(target)} does not compile`, ...lines.slice(0, shownErrors)].join('\n').trimEnd(),
    );
  });
  for (const file of globSync('dist/**/*.d.ts', { cwd: target })) await rewriteTypes(join(target, file));
}

/** Lines of the compiler's words that an error repeats. */
const shownErrors = 20;

/** Removes from a folder all but one entry. */
async function keepOnly(folder: string, entry: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== entry) await rm(join(folder, name), { recursive: true });
  }
}

/** Declarations keep the sources' `.ts` in what they import, which is there as `.js` and `.d.ts` only. */
async function rewriteTypes(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replaceAll(/(\bfrom |\bimport\(|^import )(['"])(\.{1,2}\/[^'"]+)\.ts\2/gm, '$1$2$3.js$2'),
  );
}

/** Folders that lie in the package as they lie in the workspace. */
const foldersOf = ({ files }: Manifest) =>
  files.filter((name) => !['dist', 'examples', 'NOTICE'].includes(name));

/** Where a package has its program in few files. */
const programFolder = 'dist/program';

/** Packages with the versions that the workspaces ask for; not those that only development needs. */
function versionsOf(names: readonly string[]): Record<string, string> {
  const asked = Object.assign({}, ...workspaces.map((folder) => readManifest(folder).dependencies));
  return Object.fromEntries(names.flatMap((name) => (name in asked ? [[name, asked[name]]] : [])));
}

/** The package.json of the published form: it names what is below dist/, and nothing of development. */
function published(manifest: Manifest): Manifest & { readonly dependencies: Record<string, string> } {
  const { devDependencies: _, scripts: __, ...kept } = manifest;
  const folders = foldersOf(manifest);
  const outside = ['./package.json', ...folders.map((name) => `./${name}/`)];
  const built = (path: string) =>
    outside.some((start) => path.startsWith(start)) ? path : path.replace('./', './dist/');
  const entry = (path: string) => {
    const module = built(path).replace(/\.ts$/, '');
    return path.endsWith('.ts') ? { types: `${module}.d.ts`, default: `${module}.js` } : built(path);
  };
  const map = <T, U>(entries: Readonly<Record<string, T>>, change: (value: T) => U) =>
    Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, change(value)]));
  return {
    ...kept,
    exports: map(manifest.exports as Readonly<Record<string, string>>, entry),
    ...(manifest.bin && { bin: map(manifest.bin, (path) => `${programFolder}/${path}`) }),
    dependencies: { ...manifest.dependencies },
  };
}

/** A page's links to what the package does not hold, as plain text. */
function withoutDeadLinks(page: string, target: string): string {
  const there = new Set(globSync('**/*', { cwd: target }));
  return page.replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (whole, text: string, link: string) => {
    if (/^(#|https?:)/.test(link)) return whole;
    return there.has(link.split('#')[0]!) ? whole : text;
  });
}

async function copyFiles(
  from: string,
  to: string,
  patterns: readonly string[],
  exclude: readonly string[] = [],
): Promise<void> {
  for (const file of globSync([...patterns], { cwd: from, exclude: [...exclude] })) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await copyFile(join(from, file), join(to, file));
  }
}

/** A link at `path` to a folder, in place of what is there. */
export async function link(folder: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  await symlink(folder, path, 'dir');
}

/** Runs a tool of the checkout, or npm, with the checkout's Node. Rejects with its output where it fails. */
export async function tool(command: string, args: string[], cwd = root): Promise<string> {
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`;
  const options = { cwd, env: { ...process.env, PATH: path }, maxBuffer: 1 << 26 };
  return (await promisify(execFile)(command, args, options)).stdout;
}
