// Accounts of the node's keystore: which there are, which acts, and which can sign in this process.
import { z } from 'zod';
import { address } from './words.ts';

export const accountSchema = z.strictObject({
  address,
  isUnlocked: z.boolean().describe('its key is in the memory of the node, until the node ends'),
  isChosen: z.boolean().describe('its money and seats are shown, and it joins'),
});
export type Account = z.output<typeof accountSchema>;

export const accountsSchema = z.strictObject({ accounts: z.array(accountSchema) });
export type Accounts = z.output<typeof accountsSchema>;

/** A password on its way from the page to the node, which is the same machine; nothing keeps it. */
export const passwordSchema = z.strictObject({ password: z.string().min(1, 'give a password').max(1000) });
