// What is asked of a prover, as JSON: a circuit, its public signals and private inputs by name, and how urgent it
// is. Nothing here depends on what a statement says, so that a new statement needs no new form.
import { fieldOrder, presetNames } from '@murmuration/core';
import type { G1Point } from '@murmuration/prover';
import { z } from 'zod';

/** Elements of one input, at most: twice the lanes of the largest preset. */
const maxElements = 16_384;
/** Inputs of one circuit, at most. */
const maxInputs = 32;

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,63}$/, 'the name of a signal');

/** An element of the field in decimal digits, canonical: no sign, no leading zero, below r. */
export const element: z.ZodType<string> = z
  .string()
  .max(77, 'an element of the field, at most 77 digits')
  .refine(
    (text) => /^(0|[1-9]\d*)$/.test(text) && BigInt(text) < fieldOrder,
    'an element of the field below r',
  )
  .meta({ pattern: '^(0|[1-9][0-9]{0,76})$' });

/** A point's coordinate in decimal digits; whether the point lies on the curve is for verification to say. */
export const coordinate = z.string().regex(/^(0|[1-9]\d{0,77})$/, 'a coordinate in decimal digits');

const few = (of: object) => Object.keys(of).length <= maxInputs;

/** A job as it is submitted. */
export const submissionSchema = z.strictObject({
  circuit: z
    .string()
    .regex(/^[a-z]{1,32}$/)
    .describe('the statement: update, aggregate or alignment'),
  preset: z.enum(presetNames),
  keys: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
    .optional()
    .describe('SHA-256 of the proving key; the one that the service has unless given'),
  signals: z
    .record(name, element)
    .refine(few, `at most ${maxInputs} signals`)
    .describe('public signals by name'),
  inputs: z
    .record(name, z.array(element).min(1).max(maxElements))
    .refine(few, `at most ${maxInputs} inputs`)
    .describe('private inputs by name, and those public ones that a point stands for'),
  point: z
    .tuple([coordinate, coordinate])
    .optional()
    .describe('of alignment, whose further public inputs are one point: that point'),
  priority: z.int().min(0).max(100).default(0).describe('the higher, the sooner'),
  deadline: z.iso
    .datetime()
    .optional()
    .describe('when the proof is of no use any more; a job that will miss it is refused at once'),
});

/** A submission that has been read. */
export type Submission = z.output<typeof submissionSchema>;

/** What is proven: values by name, each in [0, r). */
export interface JobContent {
  readonly signals: Readonly<Record<string, bigint>>;
  readonly inputs: Readonly<Record<string, readonly bigint[]>>;
  /** Stands for the public inputs that are not signals, where the statement has such. */
  readonly point?: G1Point | undefined;
}

const contentSchema = submissionSchema.pick({ signals: true, inputs: true, point: true });
type Content = Pick<Submission, 'signals' | 'inputs' | 'point'>;

/** The content as bytes that depend on its values alone, not on the order in which they were written. */
export function encodeContent({ signals, inputs, point }: Content): Uint8Array {
  const sorted = <T>(of: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new TextEncoder().encode(
    JSON.stringify({ signals: sorted(signals), inputs: sorted(inputs), ...(point && { point }) }),
  );
}

/** The content again. */
export function decodeContent(bytes: Uint8Array): JobContent {
  return readContent(contentSchema.parse(JSON.parse(new TextDecoder().decode(bytes))));
}

/** The numbers of a submission. */
export function readContent({ signals, inputs, point }: Content): JobContent {
  const map = <T, U>(of: Readonly<Record<string, T>>, to: (value: T) => U) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));
  return {
    signals: map(signals, BigInt),
    inputs: map(inputs, (list) => list.map(BigInt)),
    point: point && { x: BigInt(point[0]), y: BigInt(point[1]) },
  };
}

/** The content in decimal digits. */
export function writeContent({ signals, inputs, point }: JobContent): Content {
  return {
    signals: Object.fromEntries(Object.entries(signals).map(([key, value]) => [key, String(value)])),
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, list]) => [key, list.map(String)])),
    ...(point && { point: [String(point.x), String(point.y)] as [string, string] }),
  };
}
