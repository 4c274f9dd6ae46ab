// What of the disk a program sees: the system's own folders, what runs it, and what its site has named. Everything
// else (home folders, rows, other programs' data) lies in folders that it finds empty.
import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Folders below the root that hold a system's programs and nobody's data, or that walls make anew. */
const ofSystem = new Set(
  words('bin sbin lib lib32 lib64 libx32 usr nix gnu proc sys dev run tmp').map((name) => `/${name}`),
);

/** Of the system's settings, those that programs and libraries start by; no key, password or account of a service. */
const settings = [
  ...words(
    'alternatives static ld.so.cache ld.so.conf ld.so.conf.d nsswitch.conf passwd group hosts localtime',
  ),
  ...words('timezone os-release locale.conf locale.alias mime.types fonts ssl/certs ssl/openssl.cnf'),
  ...words('pki/tls/openssl.cnf pki/tls/certs crypto-policies OpenCL vulkan python3 java R julia'),
].map((name) => join('/etc', name));

/** What libraries of some systems and drivers lie in. */
const ofDrivers = words('/opt/rocm /run/current-system /run/opengl-driver /run/nvidia-persistenced');

/** What belongs to an interpreter, of the folder that it is installed in: a project may be the same folder. */
const ofInterpreter = words('bin lib lib32 lib64 libexec include ssl pyvenv.cfg conda-meta');

/** Where pip puts what a user installs without a virtual environment. */
const ofPython = join(homedir(), '.local/lib');

/** Folders below the root that a program sees nothing of but what is shown. */
export const emptied = (): string[] =>
  readdirSync('/')
    .map((name) => `/${name}`)
    .filter((path) => !ofSystem.has(path) && lstatSync(path).isDirectory());

/**
 * Files and folders that a program sees, whatever they lie in; none of them lies in another one.
 *
 * @param command its words: what runs it, and files that it names.
 * @param folder the program's.
 * @param shows what its site shows it.
 */
export function visible(command: readonly string[], folder: string, shows: readonly string[]): string[] {
  const libraries = (process.env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(isAbsolute);
  const packages = [...foldersAbove(folder).map((above) => join(above, 'node_modules')), ofPython];
  const given = [folder, ...shows, ...libraries, ...packages, ...ofDrivers, ...settings];
  const { run, named } = pathsOf(command);
  const shown = [...run.flatMap(installationOf), ...named, ...withLinks(given)].filter(
    (path) => existsSync(path) && dirname(path) !== path,
  );
  const all = new Set(shown.map(fromRoot));
  return [...all].filter((path) => ![...all].some((other) => other !== path && isBelow(path, other)));
}

/** The entries of the program's folder that its command goes through, such as a virtual environment. */
export function besideOf(command: readonly string[], folder: string): string[] {
  const { run, named } = pathsOf(command);
  const inside = [...run, ...named].filter((path) => path !== folder && isBelow(path, folder));
  return [...new Set(inside.map((path) => relative(folder, path).split(sep)[0]!))];
}

/** Whether a path lies in a folder, or is it. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** What a command may be run by, and what its other words name, each with where links lead. */
function pathsOf([first, ...others]: readonly string[]): Record<'run' | 'named', string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const run = first!.includes(sep) ? [resolve(first!)] : folders.map((folder) => join(folder, first!));
  return { run: withLinks(run), named: withLinks(others.map((word) => resolve(word))) };
}

/** The folders that a folder lies in, the nearest first. */
function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}

/** Those paths that are there, and where their links lead. */
const withLinks = (paths: readonly string[]): string[] =>
  paths.filter((path) => existsSync(path)).flatMap((path) => [path, realpathSync(path)]);

/** What an interpreter needs of the folder that it is installed in. */
function installationOf(file: string): string[] {
  const folder = dirname(file);
  const above = dirname(folder);
  if (above === homedir() || dirname(above) === above) return [file];
  // A file there looks up in the folder above which interpreter is meant.
  if (basename(folder) === 'shims') return [above];
  return basename(folder) === 'bin' ? ofInterpreter.map((name) => join(above, name)) : [file];
}

/** The same path, where the first folder below the root is a link, such as /home on some systems. */
function fromRoot(path: string): string {
  const first = `/${path.split(sep)[1]}`;
  return join(realpathSync(first), relative(first, path));
}

/** The words of a line: a list that is read at a glance. */
function words(line: string): string[] {
  return line.split(' ');
}
