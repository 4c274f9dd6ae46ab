// Writes a report to a folder: `report.json` and `report.html`, each whole or not at all.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderReport } from './render.ts';
import type { Report } from './schema.ts';

/** @returns the paths written. */
export async function writeReport(report: Report, folder: string): Promise<{ html: string; json: string }> {
  await mkdir(folder, { recursive: true });
  const paths = { html: join(folder, 'report.html'), json: join(folder, 'report.json') };
  await replace(paths.json, `${JSON.stringify(report, null, 2)}\n`);
  await replace(paths.html, renderReport(report));
  return paths;
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  await writeFile(draft, text);
  await rename(draft, path);
}
