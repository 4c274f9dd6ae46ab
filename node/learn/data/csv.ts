// Comma-separated values (RFC 4180): quoted fields, doubled quotes, line breaks in quotes, LF or CRLF.
import { NodeError } from '../../errors.ts';

/** What a file may be, at most. */
export interface CsvLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly maxColumns: number;
}

/** A table of text: `header` names the columns, every row has one field a column. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Parses a file's bytes (UTF-8).
 * @throws NodeError `learning`, naming the line where a row is ragged or a quote stays open.
 */
export function parseCsv(bytes: Uint8Array, limits: CsvLimits): CsvTable {
  if (bytes.length > limits.maxBytes) throw tooLarge(bytes.length, limits.maxBytes);
  const text = decode(bytes);
  const [header, ...rows] = records(text, limits);
  if (!header)
    throw new NodeError('learning', 'csv: the file is empty, but its first line must name the columns');
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    throw new NodeError('learning', `csv: the header names column ${JSON.stringify(twice)} twice`);
  rows.forEach((row, i) => {
    if (row.length !== header.length)
      throw new NodeError(
        'learning',
        `csv: row ${i + 1} has ${row.length} fields, but the header names ${header.length} columns`,
      );
  });
  return { header, rows };
}

/**
 * Decodes UTF-8, with or without a byte order mark. A guess at another encoding would make other categories
 * of the same words.
 */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NodeError('learning', 'csv: the file is not UTF-8', { mend: 'Save it as UTF-8.' });
  }
}

/** The refusal of a file beyond the task's limit. */
export const tooLarge = (size: number, limit: number): NodeError =>
  new NodeError('learning', `csv: ${size} bytes, but the task allows ${limit} (data.maxBytes)`);

function records(text: string, { maxRows, maxColumns }: CsvLimits): string[][] {
  const out: string[][] = [];
  let row: string[] = [];
  let at = 0;
  let line = 1;
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== '') out.push(row);
    if (out.length > maxRows + 1)
      throw new NodeError('learning', `csv: more than ${maxRows} rows, which the task allows (data.maxRows)`);
    row = [];
  };
  while (at < text.length) {
    let field: string;
    if (text[at] === '"') {
      const opened = line;
      field = '';
      for (at++; ; ) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new NodeError('learning', `csv: line ${opened}: a quote is not closed`);
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
      line += field.split('\n').length - 1;
      if (at < text.length && !',\r\n'.includes(text[at]!))
        throw new NodeError('learning', `csv: line ${line}: text after a closing quote`, {
          mend: 'Double a quote that is part of the value.',
        });
    } else {
      const from = at;
      while (at < text.length && !',\r\n'.includes(text[at]!)) at++;
      field = text.slice(from, at);
    }
    row.push(field);
    if (row.length > maxColumns)
      throw new NodeError('learning', `csv: line ${line}: more than ${maxColumns} columns`);
    if (text[at] === ',') {
      at++;
      if (at === text.length) row.push('');
      continue;
    }
    endRow();
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
  }
  if (row.length > 0) endRow();
  return out;
}
