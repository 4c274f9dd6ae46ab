// Where the node stands: its chain, its account, and how far it is with both.
import { z } from 'zod';
import { address, digits, faultSchema } from './words.ts';

/** An account of the node, and what it has; amounts in the smallest unit. */
const accountSchema = z.strictObject({
  address,
  ether: digits,
  tokens: digits,
  free: digits.describe('stake that is pledged to no task'),
  claimable: digits,
});

export const placeSchema = z.strictObject({
  kind: z.enum(['example', 'chain']).describe('an embedded development chain, or one that was named'),
  state: z.enum(['opening', 'open', 'failed']),
  says: z.string().describe('what it does, or did last'),
  chainId: z.int().optional(),
  account: accountSchema.optional(),
  seat: z
    .strictObject({
      tasks: z.array(digits).describe("the example's, for whose free seats it has rows"),
      pledge: digits.describe('what the account pledges to a task'),
    })
    .optional()
    .describe('what the desk can take part with; without it, it only looks'),
  fault: faultSchema.optional(),
});
export type Place = z.output<typeof placeSchema>;
