// Files of separated values (RFC 4180): quoted fields, doubled quotes, line breaks in quotes, LF, CRLF or CR.
import { NodeError } from '../../errors.ts';
import { normalName, type Table, type TableLimits, tooManyBytes } from './table.ts';

/** How a file is read. */
export interface CsvSettings extends TableLimits {
  /** Between fields. Unless given, the one by which the header names most of `names`; a comma among equals. */
  readonly separator?: string;
  /** Columns that are looked for. */
  readonly names?: readonly string[];
  readonly encoding?: string;
}

const separators = [',', ';', '\t', '|'] as const;

/**
 * Parses a file's bytes. A line without any text is none, and neither is a row of nothing but separators at the end;
 * fields without text behind the last column that the header names are left out.
 * @throws NodeError `learning` for what is no such file, with the line where that shows.
 */
export function parseCsv(bytes: Uint8Array, settings: CsvSettings): Table {
  if (bytes.length > settings.maxBytes) throw tooManyBytes(bytes.length, settings.maxBytes);
  const text = decode(bytes, settings.encoding);
  const separator = settings.separator ?? findSeparator(text, settings);
  const [first, ...rest] = headerAndRows(records(text, separator, settings.maxColumns), settings.maxRows);
  if (!first)
    throw new NodeError('learning', 'csv: the file is empty, but its first line must name the columns');
  const header = withoutEnd(first.fields, (name) => name.trim() === '');
  while (rest.length > 0 && rest.at(-1)!.fields.every((field) => field.trim() === '') && !rest.at(-1)!.quoted)
    rest.pop();
  const [rows, lines, ragged]: [string[][], number[], { line: number; fields: number }[]] = [[], [], []];
  for (const { line, fields } of rest) {
    const extra = fields.slice(header.length);
    if (fields.length < header.length || extra.some((field) => field.trim() !== ''))
      ragged.push({ line, fields: fields.length });
    else {
      rows.push(extra.length > 0 ? fields.slice(0, header.length) : fields);
      lines.push(line);
    }
  }
  return { header, rows, lines, ragged };
}

function withoutEnd<T>(list: readonly T[], isNothing: (one: T) => boolean): readonly T[] {
  let end = list.length;
  while (end > 0 && isNothing(list[end - 1]!)) end--;
  return list.slice(0, end);
}

/** What files begin with that are often taken for separated values. */
const others: readonly (readonly [magic: string, what: string, mend: string])[] = [
  ['PK\u0003\u0004', 'a workbook or another archive', 'Export the sheet as CSV, UTF-8.'],
  ['\u00d0\u00cf\u0011\u00e0', 'a workbook of an old Excel', 'Export the sheet as CSV, UTF-8.'],
  ['\u001f\u008b', 'compressed', 'Unpack it.'],
  ['PAR1', 'Parquet', 'Give it as parquet:FILE.'],
  ['%PDF', 'a PDF', 'Export the table as CSV, UTF-8.'],
];

/**
 * Decodes the text: UTF-8, or UTF-16 where a byte order mark says so. A guess at another encoding would make other
 * categories of the same words, so it has to be named.
 */
function decode(bytes: Uint8Array, encoding: string | undefined): string {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  const other = others.find(([magic]) => start.startsWith(magic));
  if (other) throw new NodeError('learning', `csv: the file is ${other[1]}`, { mend: other[2] });
  const marked = start.startsWith('\u00ff\u00fe')
    ? 'utf-16le'
    : start.startsWith('\u00fe\u00ff')
      ? 'utf-16be'
      : undefined;
  const label = encoding ?? marked ?? 'utf-8';
  const decoder = decoderOf(label);
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new NodeError('learning', `csv: the file is not ${label.toUpperCase()}`, {
      mend: 'Save it as UTF-8, or name its encoding: --encoding windows-1252 is that of most programs for Windows.',
    });
  }
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new NodeError('learning', `csv: no encoding is called ${JSON.stringify(label)}`, {
      mend: 'Name one of the Encoding Standard, such as windows-1252.',
    });
  }
}

/** By which separator the header names most of the columns that are looked for. */
function findSeparator(text: string, { names = [], maxColumns }: CsvSettings): string {
  const wanted = new Set(names.map((name) => normalName(name).toLowerCase()));
  let best: { found: number; separator: string } = { found: 0, separator: ',' };
  for (const separator of separators) {
    const header = headerBy(text, separator, maxColumns);
    const found = header.filter((name) => wanted.has(normalName(name).toLowerCase())).length;
    if (found > best.found) best = { found, separator };
  }
  return best.separator;
}

/** The header's names by a separator; none where it is no header by that: quotes end before another separator, say. */
function headerBy(text: string, separator: string, maxColumns: number): readonly string[] {
  try {
    const { value } = records(text, separator, maxColumns).next();
    return value?.fields ?? [];
  } catch (error) {
    if (error instanceof NodeError) return [];
    throw error;
  }
}

/** The header and the rows. @throws NodeError `learning` for more rows than the task allows. */
function headerAndRows(found: Iterable<Record>, maxRows: number): Record[] {
  const out: Record[] = [];
  for (const record of found) {
    if (out.push(record) > maxRows + 1)
      throw new NodeError('learning', `csv: more than ${maxRows} rows, which the task allows (data.maxRows)`);
  }
  return out;
}

/** One record: its fields, the line on which it begins, and whether one of them was quoted. */
interface Record {
  readonly line: number;
  readonly fields: string[];
  readonly quoted: boolean;
}

/** One record after the other, the header first. */
function* records(text: string, separator: string, maxColumns: number): Generator<Record, undefined> {
  const ends = `${separator}\r\n`;
  let fields: string[] = [];
  let quoted = false;
  let [at, line, began] = [0, 1, 1];
  // A quoted field is a value, be it empty; a line that has neither is none.
  const isRecord = (): boolean => fields.length > 1 || quoted || fields[0]!.trim() !== '';
  while (at < text.length) {
    let field: string;
    if (text[at] === '"') {
      const opened = line;
      quoted = true;
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
      if (at < text.length && !ends.includes(text[at]!))
        throw new NodeError('learning', `csv: line ${line}: text after a closing quote`, {
          mend: 'Double a quote that is part of the value.',
        });
    } else {
      const from = at;
      while (at < text.length && !ends.includes(text[at]!)) at++;
      field = text.slice(from, at);
    }
    fields.push(field);
    if (fields.length > maxColumns)
      throw new NodeError('learning', `csv: line ${line}: more than ${maxColumns} columns`);
    if (text[at] === separator) {
      at++;
      if (at === text.length) fields.push('');
      continue;
    }
    if (isRecord()) yield { line: began, fields, quoted };
    fields = [];
    quoted = false;
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    began = line;
  }
  if (fields.length > 0 && isRecord()) yield { line: began, fields, quoted };
}
