// What a program is asked, and what it answers: the headers of the frames (docs/programs.md).
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import { maxNamed, namedParameter, programSettings } from './spec.ts';

/** The protocol that is spoken. */
export const protocolVersion = 1;

const number = z.int().min(0);
const table = z.int().min(0);
const seed = z.int().min(0).max(0xffff_ffff);

/** Headers of orders. */
export const orderHeader = z.discriminatedUnion('order', [
  z.object({ order: z.literal('describe'), number, protocol: z.int(), settings: programSettings }),
  z.object({ order: z.literal('initial'), number, seed }),
  z.object({
    order: z.literal('take'),
    number,
    table,
    count: z.int().min(0),
    shape: z.array(z.int().min(1)).min(1),
    classes: z.int().min(2),
  }),
  z.object({
    order: z.literal('train'),
    number,
    table,
    round: z.int().min(0),
    steps: z.int().min(1),
    batch: z.int().min(1),
    rate: z.number(),
    seed,
  }),
  z.object({ order: z.literal('predict'), number, table }),
  z.object({ order: z.literal('gradient'), number, table }),
]);

/** What a program can be asked. */
export type OrderHeader = z.infer<typeof orderHeader>;
type Numberless<T> = T extends unknown ? Omit<T, 'number'> : never;
/** An order before it has its number. */
export type Order = Numberless<OrderHeader>;

const lengths = z.array(z.int().min(0)).max(2);
const none = z.array(z.never()).length(0);

/** Headers of answers. */
export const answerHeader = z.discriminatedUnion('answer', [
  z.strictObject({
    answer: z.literal('given'),
    number,
    lengths,
    parameters: z.array(namedParameter).min(1).max(maxNamed).optional(),
    loss: z.number().optional(),
  }),
  z.strictObject({
    answer: z.literal('progress'),
    number,
    share: z.number().min(0).max(1).optional(),
    text: z.string().max(10_000).default(''),
    lengths: none,
  }),
  z.strictObject({
    answer: z.literal('failed'),
    number,
    text: z.string().max(10_000),
    mend: z.string().max(10_000).optional(),
    lengths: none,
  }),
]);

/** What a program can answer. */
export type AnswerHeader = z.infer<typeof answerHeader>;
/** A header of results. */
export type Given = Extract<AnswerHeader, { answer: 'given' }>;

/** A header by its schema. @throws NodeError `wire` with the first thing that is wrong. */
export function parseHeader<T extends z.ZodType>(schema: T, header: unknown): z.infer<T> {
  const parsed = schema.safeParse(header);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new NodeError(
    'wire',
    `a header is wrong: ${issue!.path.join('.') || 'the whole'}: ${issue!.message}`,
  );
}
