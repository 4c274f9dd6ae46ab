// Builds the page. The published package has it built, and neither this file nor Vite.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the page into a folder, which is made anew. Nothing is inlined: the page is served without `unsafe-inline`. */
export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('./page/', import.meta.url)),
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      target: 'es2023',
      license: { fileName: 'licences.md' },
    },
  });
}
