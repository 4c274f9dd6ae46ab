/** Reads a trainer's or validator's CSV file as the task's schema says. */
import { open } from 'node:fs/promises';
import { type CsvTable, parseCsv } from './csv.ts';
import type { Dataset } from './dataset.ts';
import type { CsvSpec } from './spec.ts';
import { encodeTable, type Statistics } from './tabular.ts';

/** Columns that a file may have; the schema names those that count. */
const maxColumns = 8192;

/** The file as text, within the schema's limits. */
export async function readCsv(path: string, spec: CsvSpec): Promise<CsvTable> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > spec.maxBytes)
      throw new RangeError(`${path}: ${size} bytes; the task allows ${spec.maxBytes} (data.maxBytes)`);
    return parseCsv(await file.readFile(), { maxRows: spec.maxRows, maxBytes: spec.maxBytes, maxColumns });
  } finally {
    await file.close();
  }
}

/** The file as a dataset; `statistics` are the federation's, where the schema leaves them open. */
export async function loadCsv(path: string, spec: CsvSpec, statistics?: Statistics): Promise<Dataset> {
  return encodeTable(await readCsv(path, spec), spec, statistics);
}
