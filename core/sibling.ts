// Modules that are named by a URL: threads, and the replacement of a package. The compiler does not rewrite
// the ending of a URL, so a literal `.ts` would be missing from the published package.
import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * The module `name` beside the module at `url`, with the ending of the code that runs: `.ts` as sources,
 * `.js` when compiled.
 *
 * @param url is the caller's `import.meta.url`.
 * @param name is without an ending, such as `pool.worker`.
 */
export function sibling(url: string, name: string): URL {
  return new URL(name + extname(url), url);
}

/**
 * Starts the module `name` beside the module at `url` as a thread. It has none of this process's flags, and its code
 * comes from the cache of compiled modules that this process has, if any: Node tells threads of that by their
 * environment alone, and without it each compiles all of its modules.
 *
 * @param url and `name` as of {@link sibling}.
 * @param workerData is cloned for the thread.
 */
export function startSibling(url: string, name: string, workerData?: unknown): Worker {
  const cache = getCompileCacheDir();
  // The folder that it names is of this version of Node, below the one that was asked for.
  const env = { ...process.env, ...(cache !== undefined && { NODE_COMPILE_CACHE: dirname(cache) }) };
  return new Worker(sibling(url, name), { workerData, env, execArgv: [] });
}
