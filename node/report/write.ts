// Writes a report to a folder: `report.json` and `report.html`, each whole or not at all.
import { join } from 'node:path';
import { makeFolder, writeAtomically } from '../state/index.ts';
import { renderReport } from './render.ts';
import type { Report } from './schema.ts';

/** For others to read, too, as far as the user's mask lets them. */
const mode = 0o666;

/** Writes both files, in a folder that is made if absent. @returns their paths. */
export async function writeReport(report: Report, folder: string): Promise<{ html: string; json: string }> {
  await makeFolder(folder);
  const paths = { html: join(folder, 'report.html'), json: join(folder, 'report.json') };
  await writeAtomically(paths.json, `${JSON.stringify(report, null, 2)}\n`, { mode });
  await writeAtomically(paths.html, renderReport(report), { mode });
  return paths;
}
