// Comma-separated values (RFC 4180): quoted fields, doubled quotes, line breaks in quotes, LF or CRLF.

/** What a file may be, at most. */
export interface CsvLimits {
  maxRows: number;
  maxBytes: number;
  maxColumns: number;
}

/** A table of text: `header` names the columns, every row has one field a column. */
export interface CsvTable {
  header: string[];
  rows: string[][];
}

/** Parses a file's bytes (UTF-8). @throws with the line where a row is ragged or a quote stays open. */
export function parseCsv(bytes: Uint8Array, limits: CsvLimits): CsvTable {
  if (bytes.length > limits.maxBytes)
    throw new RangeError(`csv: ${bytes.length} bytes; the task allows ${limits.maxBytes} (data.maxBytes)`);
  const text = decode(bytes);
  const [header, ...rows] = records(text, limits);
  if (!header) throw new RangeError('csv: the file is empty; the first line must name the columns');
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`csv: the header names column ${JSON.stringify(twice)} twice`);
  rows.forEach((row, i) => {
    if (row.length !== header.length)
      throw new RangeError(
        `csv: row ${i + 1} has ${row.length} fields; the header names ${header.length} columns`,
      );
  });
  return { header, rows };
}

/**
 * UTF-8, with or without a byte order mark: a guess at another encoding would make other categories of the
 * same words.
 */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RangeError('csv: the file is not UTF-8; save it as UTF-8');
  }
}

function records(text: string, { maxRows, maxColumns }: CsvLimits): string[][] {
  const out: string[][] = [];
  let row: string[] = [];
  let at = 0;
  let line = 1;
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== '') out.push(row);
    if (out.length > maxRows + 1) throw new RangeError(`csv: more than ${maxRows} rows; see data.maxRows`);
    row = [];
  };
  while (at < text.length) {
    let field: string;
    if (text[at] === '"') {
      const opened = line;
      field = '';
      for (at++; ; ) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new RangeError(`csv: line ${opened}: a quote is not closed`);
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
      line += field.split('\n').length - 1;
      if (at < text.length && !',\r\n'.includes(text[at]!))
        throw new RangeError(
          `csv: line ${line}: text after a closing quote; double a quote that is part of the value`,
        );
    } else {
      const from = at;
      while (at < text.length && !',\r\n'.includes(text[at]!)) at++;
      field = text.slice(from, at);
    }
    row.push(field);
    if (row.length > maxColumns) throw new RangeError(`csv: line ${line}: more than ${maxColumns} columns`);
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
