// Parquet files, as warehouses and pandas write them, by hyparquet.
import { reasonOf } from '@murmuration/core';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { NodeError } from '../../errors.ts';
import { cellText, type Table, type TableLimits, tooManyRows } from './table.ts';

/**
 * The rows of a file; nested columns become JSON.
 * @throws NodeError `learning` for what is no such file, or more than the limits.
 */
export async function parseParquet(bytes: Uint8Array, { maxRows, maxColumns }: TableLimits): Promise<Table> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(file);
    if (metadata.num_rows > BigInt(maxRows)) throw tooManyRows(maxRows);
    const header = parquetSchema(metadata).children.map(({ element }) => element.name);
    if (header.length > maxColumns)
      throw new NodeError('learning', `parquet: more than ${maxColumns} columns`);
    const rows = await parquetReadObjects({ file, metadata, compressors });
    return { header, rows: rows.map((row) => header.map((name) => cellText(row[name]))) };
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    throw new NodeError('learning', `parquet: the file cannot be read: ${reasonOf(cause)}`, {
      cause,
      ...(!isParquet(bytes) && { mend: 'It is no Parquet file; of separated values write csv:FILE.' }),
    });
  }
}

/** Whether a file begins as Parquet files do. */
export const isParquet = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1';
