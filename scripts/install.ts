// The packages in a folder of somebody who has no checkout: installed by npm, and run without the checkout's tools.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './stage.ts';

/** This process's environment, but what runs is what npm has installed, and nothing that is the checkout's. */
export const outsideEnvironment = (): NodeJS.ProcessEnv => {
  const { NODE_COMPILE_CACHE: _, ...rest } = process.env;
  const folders = rest.PATH?.split(delimiter).filter((folder) => !folder.startsWith(root));
  return { ...rest, PATH: folders?.join(delimiter) };
};

/**
 * Installs packages into a folder, which is made where it is missing.
 *
 * @param files absolute paths of tarballs, all of them: they depend on each other.
 */
export async function installPackages(
  folder: string,
  files: readonly string[],
  env: NodeJS.ProcessEnv = outsideEnvironment(),
): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Or npm would install into a folder above that has one.
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const words = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...files];
  await promisify(execFile)('npm', words, { cwd: folder, env, maxBuffer: 1 << 26 });
}
