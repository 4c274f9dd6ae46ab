// The built page: packed beside this module where the package is published, else built in the checkout.
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the page. */
export interface PageFile {
  readonly bytes: Uint8Array;
  /** Media type. */
  readonly type: string;
}

/** The page's files by their paths, each of which begins with a slash; `/index.html` is its document. */
export type Page = ReadonlyMap<string, PageFile>;

/** Where the packed page lies. */
const packed = fileURLToPath(new URL('./built/', import.meta.url));
/** Where its sources lie, in a checkout. */
const sources = fileURLToPath(new URL('./page/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.md': 'text/markdown; charset=utf-8',
};

/**
 * The page: that which the published package brings, else, in a checkout, what is built of its sources, unless the
 * same sources have been built into the folder before.
 * @param cacheFolder keeps what is built in a checkout.
 */
export async function loadPage({ cacheFolder }: { readonly cacheFolder: string }): Promise<Page> {
  return readPage(existsSync(packed) ? packed : await builtOf(cacheFolder));
}

async function builtOf(cacheFolder: string): Promise<string> {
  const folder = join(cacheFolder, 'desk', await digestOfSources());
  if (existsSync(folder)) return folder;
  const { buildPage } = await import('./build_page.ts');
  // Whole or not at all, also where two processes build at once.
  const draft = `${folder}.${process.pid}`;
  await buildPage(draft);
  await rename(draft, folder).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** SHA-256 of all that the page is built of; the packages among it by their versions. */
async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const files = [...globSync('**/*.*', { cwd: sources }).map((name) => join(sources, name))].sort();
  for (const name of ['build_page.ts', 'package.json'])
    files.push(fileURLToPath(new URL(`./${name}`, import.meta.url)));
  for (const file of files) hash.update(`${file.slice(sources.length)}\n`).update(await readFile(file));
  return hash.digest('hex').slice(0, 32);
}

async function readPage(folder: string): Promise<Page> {
  const page = new Map<string, PageFile>();
  for (const name of globSync('**/*.*', { cwd: folder })) {
    const type = types[extname(name)];
    if (type === undefined) throw new Error(`the page has ${name}, which has no media type here`);
    page.set(`/${name.split(sep).join('/')}`, { bytes: await readFile(join(folder, name)), type });
  }
  return page;
}
