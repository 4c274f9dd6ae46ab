// What a long run has come to, line by line as it happens: what is cut, or falls over, leaves all lines before.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { phases } from '@murmuration/contracts';
import { z } from 'zod';
import { type Measure, measures } from '../sample.ts';
import { booksSchema } from './books.ts';

const count = z.int().min(0);
const phase = z.enum(phases);
const held = z.strictObject(
  Object.fromEntries(measures.map((measure) => [measure, count])) as Record<Measure, typeof count>,
);

const memberSchema = z.strictObject({
  name: z.string(),
  kind: z.string(),
  /** In whole tokens. */
  lost: z.number(),
  earned: z.number(),
  faults: z.record(z.string(), count),
  ejected: z.boolean(),
});

const lineSchema = z.discriminatedUnion('is', [
  z.strictObject({
    is: z.literal('begun'),
    at: z.iso.datetime(),
    seed: count,
    tasks: count,
    rounds: count,
  }),
  z.strictObject({
    is: z.literal('task'),
    task: count,
    adversary: z.string(),
    newcomers: z.array(z.string()),
  }),
  z.strictObject({
    is: z.literal('kill'),
    task: count,
    round: count,
    phase,
    member: z.string(),
    fate: z.string(),
    /** What it was about, or had just done. */
    at: z.string(),
  }),
  z.strictObject({
    is: z.literal('outage'),
    task: count,
    round: count,
    phase,
    manner: z.string(),
    milliseconds: count,
    /** Requests that had no answer. */
    requests: count,
  }),
  z.strictObject({ is: z.literal('round'), task: count, round: count, seconds: z.number(), ...held.shape }),
  z.strictObject({
    is: z.literal('ended'),
    task: count,
    rounds: z.array(z.string()),
    members: z.array(memberSchema),
    /** Honest members whose stake is still pledged. */
    pledged: z.array(z.string()),
    /** Reasons of failed steps, each once. */
    faults: z.array(z.string()),
    books: booksSchema,
    audit: z.strictObject({
      outcome: z.string(),
      proofs: count,
      checks: count,
      findings: z.array(z.string()),
      seconds: z.number(),
    }),
    /** Files that should not be there, and contents that honest members put there and never named. */
    left: z.array(z.string()),
    /** Contents of nobody honest that no chain names, so far: addresses of lives that ended, and what adversaries put there. */
    strays: count,
    /** Halves that killed writers have left in the store, so far. */
    halves: count,
  }),
  /** What is held when the task's members are closed. */
  z.strictObject({ is: z.literal('closed'), task: count, ...held.shape }),
  z.strictObject({
    is: z.literal('over'),
    seconds: z.number(),
    /** After all members got their stake and pay out. */
    books: booksSchema,
    /** Halves in the store after it is opened an hour later. */
    halves: count,
    ...held.shape,
  }),
]);
/** A line of a record. */
export type Line = z.output<typeof lineSchema>;
/** A line of one kind. */
export type LineOf<Kind extends Line['is']> = Extract<Line, { readonly is: Kind }>;

/** Begins a record. @returns what appends a line to it. */
export function beginRecord(file: string): (line: Line) => void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return (line) => appendFileSync(file, `${JSON.stringify(lineSchema.parse(line))}\n`);
}

/** All lines of a record, compressed or not. @throws where one is not of this form. */
export function readRecord(file: string): Line[] {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, at) => {
    const { success, data, error } = lineSchema.safeParse(JSON.parse(line));
    if (success) return data;
    throw new Error(`${file}, line ${at + 1}: ${z.prettifyError(error)}; play the run again`);
  });
}

/** The lines of one kind. */
export const linesOf = <Kind extends Line['is']>(lines: readonly Line[], is: Kind): LineOf<Kind>[] =>
  lines.filter((line): line is LineOf<Kind> => line.is === is);
