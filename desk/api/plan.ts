// A task that is being planned: what the form asks for, what speaks against it, what it costs; and how a posted one
// stands for its planner.
import { z } from 'zod';
import { findingSchema } from './task.ts';
import { address, digits, faultSchema } from './words.ts';

/** What a plan begins with; `own`: a description that somebody has written. */
export const templateNames = ['digits', 'clinics', 'credit', 'own'] as const;
export type TemplateName = (typeof templateNames)[number];

/** A field of the form, in the words of the command line's flag. */
const planFieldSchema = z.strictObject({
  name: z.string(),
  flag: z.string().describe('the same on the command line'),
  what: z.string(),
  unit: z.string(),
  must: z.string().describe('the bounds, in words'),
  shown: z.string().optional().describe('what it is when nothing is typed'),
  only: z.enum(templateNames).optional().describe('the one template that has it'),
});
export type PlanField = z.output<typeof planFieldSchema>;

export const planFormSchema = z.strictObject({ fields: z.array(planFieldSchema) });
export type PlanForm = z.output<typeof planFormSchema>;

/** Files that a plan may come with, beside its description: what the command line takes by flags of that name. */
export const planFileNames = ['program', 'members', 'policy'] as const;
export type PlanFileName = (typeof planFileNames)[number];

const fileOf = (most: number, what: string) =>
  z
    .strictObject({ name: z.string().max(200), text: z.string().max(most) })
    .optional()
    .describe(what);
const planFilesSchema = z.strictObject({
  program: fileOf(400_000, 'what `murmur model describe` prints, for `own`: it is the description’s model'),
  members: fileOf(200_000, 'of `murmur planner members`: who may join'),
  policy: fileOf(20_000, 'as --policy: what the fields leave open'),
});

export const planAskedSchema = z.strictObject({
  template: z.enum(templateNames),
  description: z.string().max(200_000).optional().describe('the text of a description, for `own`'),
  fields: z.record(z.string().max(40), z.string().max(60)).describe('as they were typed'),
  files: planFilesSchema.default({}),
});
export type PlanAsked = z.input<typeof planAskedSchema>;

const planFaultSchema = z.strictObject({
  field: z.string().describe('a field, a file, `description`, or `template`'),
  message: z.string(),
});

export const planCheckedSchema = z.strictObject({
  faults: z.array(planFaultSchema),
  name: z.string().optional(),
  says: z.array(z.string()).describe('what its files come to, in words'),
  findings: z.array(findingSchema).describe('what a review of these terms finds, the worst first'),
  bounty: digits.optional().describe('what is locked'),
  gas: digits.optional().describe('of the posting, about'),
  wei: digits.optional(),
  parameters: z.int().optional(),
  others: z.string().optional().describe("why the example's other members do not join it"),
});
export type PlanChecked = z.output<typeof planCheckedSchema>;

export const planPostSchema = planAskedSchema.extend({
  id: z.uuid().describe('by which this posting is to be known'),
  acceptRisks: z.boolean().default(false).describe('go on in spite of a danger that the review finds'),
  again: z.boolean().default(false).describe('although the same task of this planner is open'),
});
export type PlanToPost = z.output<typeof planPostSchema>;

export const planSchema = z.strictObject({
  task: digits,
  name: z.string(),
  planner: address,
  status: z.string(),
  round: z.int(),
  rounds: z.int(),
  phase: z.string(),
  trainers: z.string().describe('seats taken, of how many'),
  validators: z.string(),
  bounty: digits,
  paid: digits.describe('to trainers, validators and provers so far'),
  back: digits.describe('what came back to the planner'),
  claimable: digits.describe("the planner's credit, of all its tasks"),
  canStart: z.boolean(),
  canCancel: z.boolean(),
  othersFault: faultSchema.optional().describe("why the example's other members did not join it"),
  history: z.array(
    z.strictObject({
      round: z.int(),
      outcome: z.string(),
      updates: z.int(),
      sums: z.int().describe('proven'),
      votes: z.int(),
      accuracy: z.number().optional(),
      paid: digits.describe('to trainers'),
    }),
  ),
});
export type Plan = z.output<typeof planSchema>;

/** The last posting that was asked for, until another plan is looked at: a reload of the page ends none. */
export const postingSchema = z.strictObject({
  id: z.uuid().describe('as who asked for it has named it'),
  state: z.enum(['working', 'done', 'failed']),
  name: z.string(),
  task: digits.optional().describe('its number, once it is posted'),
  fault: faultSchema.optional(),
});
export type Posting = z.output<typeof postingSchema>;

export const plansSchema = z.strictObject({ plans: z.array(planSchema), posting: postingSchema.optional() });
export type Plans = z.output<typeof plansSchema>;
