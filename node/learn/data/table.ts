// A party's rows as text, whichever file or database they come from, and how many they may be.
import { NodeError } from '../../errors.ts';

/** What a source may have, at most. */
export interface TableLimits {
  readonly maxRows: number;
  /** Of a file, or of all cells. */
  readonly maxBytes: number;
  readonly maxColumns: number;
}

/** A table of text: `header` names the columns, every row has one field a column. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The line of the file on which each row begins, from 1, as an editor shows it; without it, rows are numbered. */
  readonly lines?: readonly number[];
  /** Rows that have more or fewer fields than the header: they are in no other list. */
  readonly ragged?: readonly { readonly line: number; readonly fields: number }[];
}

/** Where a row lies, in words. @param row from 0 */
export const placeOf = ({ lines }: Pick<Table, 'lines'>, row: number): string =>
  lines ? `line ${lines[row]}` : `row ${row + 1}`;

/** Names are compared in this form, in which they look alike: accents composed (NFC), no blanks around them. */
export const normalName = (name: string): string => name.normalize('NFC').trim();

/** The refusal of a file larger than the task allows. */
export const tooManyBytes = (size: number, maxBytes: number): NodeError =>
  new NodeError(
    'learning',
    `data: the file has ${size} bytes, but the task allows ${maxBytes} (data.maxBytes)`,
  );

/** The refusal of more rows than the task allows. */
export const tooManyRows = (maxRows: number): NodeError =>
  new NodeError('learning', `data: more than ${maxRows} rows, which the task allows (data.maxRows)`);

/** A value of a typed source as text; nothing where there is none. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object')
    return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one));
  return String(value);
}
