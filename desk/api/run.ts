// A role of the node's own account: what it does, what came of it, and why.
import { z } from 'zod';
import { readingSchema } from './file.ts';
import { address, digits, faultSchema } from './words.ts';

/** What is asked for with a seat. */
export const trainSchema = z.strictObject({
  file: z
    .uuid()
    .optional()
    .describe('rows that were given; without it those that the example has for the seat'),
  reading: readingSchema.prefault({}),
  role: z.enum(['trainer', 'validator']).default('trainer'),
  stake: digits.optional().describe('on a chain that was named: what is pledged'),
  owner: address
    .optional()
    .describe('on a chain that was named: the wallet that is to own stake and rewards'),
  terms: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('on a chain that was named: the digest of the terms that were shown and agreed to'),
  members: z
    .string()
    .max(500_000)
    .optional()
    .describe("the text of the planner's file of members, where the task has a list"),
  acceptRisks: z.boolean().default(false).describe('go on in spite of a danger that the review finds'),
});
export type Train = z.input<typeof trainSchema>;

/** A round as it went for this account. */
const runRoundSchema = z.strictObject({
  round: z.int(),
  outcome: z.string().describe('pending, or what came of it'),
  accuracy: z.number().optional().describe("median of the validators' votes, a share"),
  cosine: z.number().optional().describe('of the own update with what was new in the probes'),
  struck: z.boolean(),
  reward: digits,
});

/** One movement of the account's money in the task. */
const movementSchema = z.strictObject({
  kind: z.string(),
  amount: digits,
  round: z.int().optional(),
  rule: z.string().describe('why'),
});

export const runSchema = z.strictObject({
  task: digits,
  name: z.string(),
  account: address,
  owner: address.describe(
    'who has its stake and rewards, or is to have them: a wallet, or the account itself',
  ),
  role: z.enum(['trainer', 'validator']),
  state: z
    .enum(['locked', 'unsigned', 'joining', 'working', 'stopping', 'stopped', 'over', 'failed'])
    .describe(
      'what the node does; where the task stands is beside it; locked: its account has to be unlocked; unsigned: ' +
        'the wallet that is to own its stake has to sign',
    ),
  status: z.string().describe("the task's"),
  round: z.int(),
  rounds: z.int(),
  phase: z.string(),
  deadline: digits.describe('when the phase ends, seconds; 0: none'),
  steps: z.array(z.strictObject({ at: z.iso.datetime(), text: z.string() })).describe('the last ones'),
  proofs: z.array(z.strictObject({ statement: z.string(), count: z.int(), milliseconds: z.number() })),
  history: z.array(runRoundSchema),
  movements: z.array(movementSchema),
  earned: digits,
  slashed: digits,
  held: digits,
  claimable: digits,
  story: z
    .strictObject({ who: address, says: z.array(z.string()) })
    .optional()
    .describe("of the example's left-handed trainer: what its settled rounds say"),
  fault: faultSchema.optional(),
});
export type Run = z.output<typeof runSchema>;

export const runsSchema = z.strictObject({ runs: z.array(runSchema) });
export type Runs = z.output<typeof runsSchema>;
/** What leaving or claiming did, in words. */
export const doneSchema = z.strictObject({ done: z.array(z.string()) });
