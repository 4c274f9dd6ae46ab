// Where the program keeps what it can make again: compiled circuits and contracts, development keys.
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The absolute path of the folder: `MURMURATION_CACHE` where it is set; in a checkout its `build/`;
 * installed, `murmuration` below `XDG_CACHE_HOME` or `~/.cache`. It need not exist.
 *
 * @param environment is the process's unless given.
 * @param module is this module's URL unless given: sources end in `.ts`, the published package in `.js`.
 */
export function cacheFolder(environment = process.env, module = import.meta.url): string {
  if (environment.MURMURATION_CACHE) return resolve(environment.MURMURATION_CACHE);
  if (module.endsWith('.ts')) return join(dirname(fileURLToPath(module)), '../../../build');
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'murmuration');
}
