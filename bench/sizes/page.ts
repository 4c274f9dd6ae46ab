// What a browser loads of the desk's page: its files as they are built, and as a server would send them compressed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage } from '../../desk/build_page.ts';
import type { SizeTable } from './table.ts';

/** By kind of file; the licences are no part of the page. */
export async function pageSizes(): Promise<SizeTable> {
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-page-'));
  try {
    await buildPage(folder);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'licences.md')
      .map((entry) => ({
        kind: extname(entry.name),
        bytes: readFileSync(join(entry.parentPath, entry.name)),
      }));
    const rows = Object.entries(Object.groupBy(files, ({ kind }) => kind)).map(([kind, of]) => ({
      name: `\`${kind}\`, ${of!.length === 1 ? '1 file' : `${of!.length} files`}`,
      bytes: [
        of!.reduce((sum, { bytes }) => sum + bytes.length, 0),
        of!.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0),
      ],
    }));
    return { title: "The desk's page", columns: ['bytes', 'gzip'], rows: rows.toSorted(byFirst) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const byFirst = (a: { bytes: number[] }, b: { bytes: number[] }) => b.bytes[0]! - a.bytes[0]!;
