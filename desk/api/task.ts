// A task of the marketplace, as somebody reads it who thinks of taking part.
import { z } from 'zod';
import { address, digits } from './words.ts';

const seatsSchema = z.strictObject({
  taken: z.int(),
  least: z.int().describe('with fewer the task does not start'),
  most: z.int(),
});

/** One column of the table that a task asks for. */
export const columnSchema = z.strictObject({
  name: z.string(),
  type: z.enum(['numeric', 'categorical']),
  takes: z.string().describe('what a cell may hold, in words'),
});
export type Column = z.output<typeof columnSchema>;

const dataSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('digits'), side: z.int() }),
  z.strictObject({
    kind: z.literal('table'),
    columns: z.array(columnSchema),
    target: columnSchema.describe('what is predicted'),
    maxRows: z.int(),
  }),
  z.strictObject({ kind: z.literal('unknown') }),
]);

/** What a review of the terms finds. */
export const findingSchema = z.strictObject({
  rule: z.string(),
  severity: z.enum(['danger', 'warning', 'note']),
  says: z.string(),
  mend: z.string(),
});
export type Finding = z.output<typeof findingSchema>;

const seatCostSchema = z.strictObject({
  slashes: z.array(z.string()).describe('what one could lose, a sentence each'),
  gas: digits.describe('of one round, about'),
  wei: digits.describe('that gas at the price of now'),
});

export const taskSchema = z.strictObject({
  task: digits,
  name: z.string().optional().describe('undefined where the description cannot be had yet'),
  status: z.enum(['none', 'open', 'drawing', 'keying', 'running', 'ended', 'cancelled']),
  planner: address,
  bounty: digits.describe('all that the rounds pay, rewards and fees'),
  roundReward: digits,
  validatorFee: digits,
  minStake: digits,
  rounds: z.int(),
  trainers: seatsSchema,
  validators: seatsSchema,
  threshold: z.int().describe('trainers that it takes to decrypt a sum'),
  listed: z.boolean().describe('whether the planner says who may join'),
  deadline: digits.describe('when the present stage ends, seconds; 0: no stage'),
  roundSeconds: z.int().describe('what a round takes at most'),
  preset: z.string(),
  parameters: z.int().describe('of the model'),
  chunks: z.int(),
  data: dataSchema,
  program: z.array(z.strictObject({ name: z.string(), sha256: z.string() })).optional(),
  privacy: z.string(),
  epsilon: z.number().optional(),
  fault: z.string().optional().describe('why it cannot be worked on, whatever its terms'),
  findings: z.array(findingSchema).describe('the worst first'),
  costs: z.strictObject({ trainer: seatCostSchema, validator: seatCostSchema }),
  terms: z.string().describe('their digest: who joins says which were shown'),
  seat: z.enum(['none', 'trainer', 'validator']).describe("the node's own account's"),
});
export type Task = z.output<typeof taskSchema>;

export const marketSchema = z.strictObject({ tasks: z.array(taskSchema) });
export type Market = z.output<typeof marketSchema>;
