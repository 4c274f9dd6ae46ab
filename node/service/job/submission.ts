// What is asked of a prover, as JSON: a circuit, its public signals and private inputs by name, or sealed, and how urgent
// it is. Nothing here depends on what a statement says, so that a new statement needs no new form.
import { fieldOrder, presetNames } from '@murmuration/core';
import { z } from 'zod';

/** Elements of one input, at most: twice the lanes of the largest preset. */
const maxElements = 16_384;
/** Inputs of one circuit, at most. */
const maxInputs = 32;

/** A signal's or an input's name. */
export const inputName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,63}$/, 'the name of a signal');

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

/** What is proven, in decimal digits. */
export const plainSchema = z.strictObject({
  signals: z
    .record(inputName, element)
    .refine(few, `at most ${maxInputs} signals`)
    .describe('public signals by name'),
  inputs: z
    .record(inputName, z.array(element).min(1).max(maxElements))
    .refine(few, `at most ${maxInputs} inputs`)
    .describe('private inputs by name, and those public ones that a point stands for'),
  point: z
    .tuple([coordinate, coordinate])
    .optional()
    .describe('of alignment, whose further public inputs are one point: that point'),
});
export type PlainContent = z.output<typeof plainSchema>;

/** What every job says. */
const commonShape = {
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
  priority: z.int().min(0).max(100).default(0).describe('the higher, the sooner'),
  deadline: z.iso
    .datetime()
    .optional()
    .describe('when the proof is of no use any more; a job that will miss it is refused at once'),
};

/** A job whose content everybody may read. */
export const plainJobSchema = z.strictObject({ ...commonShape, ...plainSchema.shape });
export type PlainJob = z.output<typeof plainJobSchema>;

/** A job whose content only the service's agents read. */
export const sealedJobSchema = z.strictObject({
  ...commonShape,
  keys: commonShape.keys.unwrap(),
  sealed: z.base64url().describe('signals, inputs and point, sealed: `murmur prover seal`'),
});
export type SealedJob = z.output<typeof sealedJobSchema>;

/** A job as it is submitted. */
export const submissionSchema = z.union([plainJobSchema, sealedJobSchema]);
export type Submission = z.output<typeof submissionSchema>;

/** What a sender seals with. */
export const sealingSchema = z.strictObject({
  owner: z.string().describe('whom the token belongs to: what is sealed opens for this owner alone'),
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("the service's sealing key"),
});
