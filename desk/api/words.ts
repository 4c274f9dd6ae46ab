// What the words of the page and of its node have in common.
import { z } from 'zod';

/** A whole number that may be larger than JavaScript's: decimal digits. */
export const digits = z.string().regex(/^\d{1,78}$/);

/** An account or a contract. */
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

/** A fault as it is told: what is wrong, and how to mend it. */
export const faultSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  mend: z.string().optional(),
});
export type Fault = z.output<typeof faultSchema>;
