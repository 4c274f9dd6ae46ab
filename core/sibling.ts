// Modules that are named by a URL: threads, and the replacement of a package. The compiler does not rewrite
// the ending of a URL, so a literal `.ts` would be missing from the published package.
import { extname } from 'node:path';

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
