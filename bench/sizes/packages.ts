// What is downloaded and what lies on the disk where the packages are installed in an empty folder, as
// test/e2e/install.test.ts installs them.
import { execFile } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pack } from '../../scripts/packages.ts';
import type { SizeTable } from './table.ts';

const build = fileURLToPath(new URL('../../build', import.meta.url));
const out = join(build, 'sizes');

/** Of each package the tarball and its folder, with the circuits of `npm run pack`; then all that npm brings along. */
export async function packageSizes(): Promise<SizeTable> {
  const home = mkdtempSync(join(tmpdir(), 'murmuration-sizes-'));
  try {
    const tarballs = await pack({ out, presets: ['tiny', 'quick', 'base'], cacheFolder: build });
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    const files = tarballs.map(({ file }) => file);
    await promisify(execFile)('npm', ['install', '--prefer-offline', '--ignore-scripts', ...files], {
      cwd: home,
      maxBuffer: 1 << 26,
    });
    const modules = join(home, 'node_modules');
    const own = tarballs.map(({ file, bytes }) => {
      const name = basename(file).replace(/^murmuration-?(.*?)-?\d+\..*$/, '$1');
      const folder = name === '' ? 'murmuration' : `@murmuration/${name}`;
      return { name: `\`${folder}\``, bytes: [bytes, bytesBelow(join(modules, folder))] };
    });
    const sum = (at: number) => own.reduce((total, { bytes }) => total + bytes[at]!, 0);
    return {
      title: 'Packages, and an empty folder after they were installed there',
      columns: ['tarball', 'installed'],
      rows: [
        ...own,
        { name: 'all seven', bytes: [sum(0), sum(1)] },
        { name: 'with everything that they depend on', bytes: [undefined, bytesBelow(modules)] },
      ],
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(out, { recursive: true, force: true });
  }
}

/** Bytes of all files below a folder; a link counts as itself. */
function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0);
}
