// How one site's file is read: what its program writes otherwise than the schema expects. It is said where the file
// is, since it is no part of the task; nothing of it is guessed where a guess may be wrong.
import { z } from 'zod';
import { numberOf, valueKey } from './numbers.ts';

const mark = z.string().min(1).max(100);

/** What a site says of its file. */
export const readingOptions = z.strictObject({
  /** Between fields; found by the header unless given. */
  separator: z.enum([',', ';', '\t', '|']).optional(),
  /** The decimal mark. */
  decimal: z.enum(['.', ',']).default('.'),
  /** What groups digits by thousands, if anything does. */
  thousands: z.enum([',', '.', ' ', "'"]).optional(),
  /** A label of the Encoding Standard, such as `windows-1252`; UTF-8 or UTF-16 with a mark unless given. */
  encoding: z.string().min(1).max(40).optional(),
  /** Cells that mean "missing", beside what the task says of each column. */
  absent: z.array(mark).max(64).default([]),
  /** Leaves out rows that cannot be used, rather than refusing the file. */
  dropFaulty: z.boolean().default(false),
});
export type Reading = z.output<typeof readingOptions>;
export const plainReading: Reading = readingOptions.parse({});

/** A cell's number; undefined where it is none, or where its groups of digits are not of three. */
export function cellNumber(text: string, { decimal, thousands }: Reading): number | undefined {
  if (decimal === '.' && thousands === undefined) return numberOf(text);
  const [whole, ...fraction] = text.split(decimal);
  if (fraction.length > 1 || whole === undefined) return undefined;
  let digits = whole;
  if (thousands !== undefined && whole.includes(thousands)) {
    const [first, ...groups] = whole.split(thousands);
    if (!/^[+-]?\d{1,3}$/.test(first!) || !groups.every((group) => /^\d{3}$/.test(group))) return undefined;
    digits = [first, ...groups].join('');
  }
  // A mark that is not the declared one is no mark: with a decimal comma, `1.500` is no number.
  if (decimal !== '.' && digits.includes('.')) return undefined;
  return numberOf(fraction.length === 0 ? digits : `${digits}.${fraction[0]}`);
}

/** A cell in the form in which values are compared: a number with a point where it is one. */
export function comparable(text: string, reading: Reading): string {
  const value = cellNumber(text, reading);
  return value === undefined ? text : String(value);
}

/** Tells the cells that mean "missing" in a column. @param marks the column's, beside the site's. */
export function absentIn(marks: readonly string[], { absent }: Reading): (text: string) => boolean {
  const keys = new Set([...marks, ...absent].map(valueKey));
  return (text) => text === '' || (keys.size > 0 && keys.has(valueKey(text)));
}

const customary = new Set([
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  '?',
  '-',
  '--',
  '.',
  'missing',
  'unknown',
]);

/** Whether programs customarily write a cell so where a value is missing. */
export const looksAbsent = (text: string): boolean => customary.has(text.toLowerCase());
