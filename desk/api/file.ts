// A file of somebody's own rows, and what the tasks of the marketplace would make of it.
import { z } from 'zod';
import { digits } from './words.ts';

/** The longest name of a file that is kept. */
export const longestName = 200;

export const fileSchema = z.strictObject({
  id: z.uuid(),
  name: z.string().max(longestName),
  bytes: z.int(),
});
export type File = z.output<typeof fileSchema>;

/** How a file is read that its program writes otherwise than a task's schema expects: what `data check` takes. */
export const readingSchema = z.strictObject({
  separator: z.enum([',', ';', '\t', '|']).optional().describe('between fields; else found by the header'),
  decimal: z.enum(['.', ',']).default('.'),
  thousands: z.enum([',', '.', ' ', "'"]).optional().describe('what groups digits'),
  encoding: z.string().min(1).max(40).optional().describe('such as windows-1252; else UTF-8 or UTF-16'),
  absent: z.array(z.string().min(1).max(100)).max(64).default([]).describe('cells that mean "missing"'),
  dropFaulty: z.boolean().default(false).describe('leave out rows that cannot be used'),
});
export type Reading = z.input<typeof readingSchema>;

/** One column that a task asks for, in one file. */
export const columnFitSchema = z.strictObject({
  name: z.string(),
  fits: z.enum(['yes', 'partly', 'no']).describe('partly: some cells cannot be used'),
  says: z.string(),
});
export type ColumnFit = z.output<typeof columnFitSchema>;

/** A file against one task. */
export const matchSchema = z.strictObject({
  task: digits,
  fits: z.enum(['yes', 'rows', 'no']).describe('rows: it does without the rows that cannot be used'),
  rows: z.int(),
  usable: z.int(),
  says: z.array(z.string()).describe('rows and classes, and what was read otherwise than it is written'),
  columns: z.array(columnFitSchema),
  mends: z.array(z.string()),
});
export type Match = z.output<typeof matchSchema>;

export const filesSchema = z.strictObject({
  files: z.array(fileSchema),
  mostBytes: z.int().describe('of one file'),
});
export type Files = z.output<typeof filesSchema>;
export const matchesSchema = z.strictObject({ file: fileSchema, matches: z.array(matchSchema) });
export type Matches = z.output<typeof matchesSchema>;
