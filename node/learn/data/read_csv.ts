// Reads a trainer's or validator's CSV file as the task's schema says.
import { open } from 'node:fs/promises';
import { type CsvTable, parseCsv, tooLarge } from './csv.ts';
import type { CsvSpec } from './spec.ts';

/** Columns that a file may have; the schema names those that count. */
const maxColumns = 8192;

/**
 * The file as text, within the schema's limits.
 * @throws NodeError `learning`, without the file's name, which the caller knows.
 */
export async function readCsv(path: string, spec: CsvSpec): Promise<CsvTable> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > spec.maxBytes) throw tooLarge(size, spec.maxBytes);
    return parseCsv(await file.readFile(), { maxRows: spec.maxRows, maxBytes: spec.maxBytes, maxColumns });
  } finally {
    await file.close();
  }
}
