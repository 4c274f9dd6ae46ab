// A task's model as its user has it: taken from the chain, tried on rows, kept as files of other tools.
import { z } from 'zod';
import { readingSchema } from './file.ts';
import { digits, faultSchema } from './words.ts';

/** A model that was taken: every round of it computed again. */
const takenSchema = z.strictObject({
  taken: z.iso.datetime(),
  digest: z.string(),
  parameters: z.int(),
  rounds: z.int(),
  accepted: z.int().describe('0: it is the first model, which has learnt nothing yet'),
  quality: z.number().optional().describe("the validators' accuracy of it, a share"),
  lineage: z.array(
    z.strictObject({
      round: z.int(),
      outcome: z.string(),
      model: z.string(),
      quality: z.number().optional(),
    }),
  ),
  takes: z
    .enum(['table', 'digits', 'program'])
    .describe('what it is used on; program: it is a program, which the desk does not start'),
});
export type TakenModel = z.output<typeof takenSchema>;

export const modelSchema = z.strictObject({
  task: digits,
  state: z.enum(['none', 'working', 'done', 'failed']),
  says: z.string().describe('what it does, or did last'),
  model: takenSchema.optional(),
  fault: faultSchema.optional(),
});
export type Model = z.output<typeof modelSchema>;

/** Rows to try it on; without a file, the demonstration's own digits. */
export const evaluateSchema = z.strictObject({
  file: z.uuid().optional(),
  reading: readingSchema.prefault({}),
});
export const evaluationSchema = z.strictObject({
  count: z.int(),
  accuracy: z.number(),
  auc: z.number(),
  logLoss: z.number(),
  calibration: z.number(),
});
export type Evaluation = z.output<typeof evaluationSchema>;

export const predictSchema = z.strictObject({
  file: z.uuid(),
  reading: readingSchema.prefault({}),
  ids: z.array(z.string().min(1).max(200)).max(64).default([]).describe('columns that are carried over'),
});
export const predictionsSchema = z.strictObject({
  rows: z.int(),
  classes: z.array(z.strictObject({ name: z.string(), count: z.int() })).describe('the most probable ones'),
  csv: z.string().describe('the node keeps none of it'),
});
export type Predictions = z.output<typeof predictionsSchema>;

/** The files that a model is kept as. */
export const modelFileNames = ['murmur.json', 'onnx', 'safetensors', 'tfjs.json', 'tfjs.bin'] as const;
export type ModelFileName = (typeof modelFileNames)[number];
