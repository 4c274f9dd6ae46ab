// Wallets of the browser: what they own on this chain, and what they are asked to sign.
import { z } from 'zod';
import { address, digits } from './words.ts';

/** An account that acts, and that the wallet owns; amounts in the smallest unit. */
const operatorSchema = z.strictObject({
  address,
  free: digits.describe('stake that is pledged to no task'),
  pledged: digits,
  queued: digits.describe('stake on its way out'),
  withdrawable: digits.describe('of the queued stake, what can leave now'),
  withdrawableAt: digits.describe('when the queued stake may leave, seconds'),
  claimable: digits.describe('earned, and not yet paid out'),
});
export type Operator = z.output<typeof operatorSchema>;

export const walletSchema = z.strictObject({
  owner: address,
  chain: z.strictObject({
    id: z.int(),
    name: z.string(),
    rpc: z
      .url()
      .optional()
      .describe('for a wallet that does not know the chain; never an address with a secret'),
  }),
  ether: digits,
  tokens: digits,
  operators: z.array(operatorSchema),
});
export type Wallet = z.output<typeof walletSchema>;

export const transactionSchema = z.strictObject({
  state: z.enum(['pending', 'success', 'reverted']).describe("as the node's own chain has it"),
});
export type Transaction = z.output<typeof transactionSchema>;

/** What is to be signed for. */
export const askSigningSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z
      .enum(['join', 'host', 'take back', 'free'])
      .describe('host: for a host; take back: what was allowed to it; free: its stake, after the task'),
    task: digits,
  }),
  z.strictObject({ what: z.enum(['claim', 'queue', 'withdraw']), operator: address }),
]);
export type AskSigning = z.input<typeof askSigningSchema>;

const callSchema = z.strictObject({
  to: address,
  value: digits.describe('wei'),
  data: z.string().regex(/^0x([0-9a-f]{2})*$/),
  says: z.string().describe('what it does, in words'),
});
export type WalletCall = z.output<typeof callSchema>;

export const signingSchema = z.strictObject({
  owner: address,
  chainId: z.int(),
  calls: z.array(callSchema).describe('each by itself, in order; none: nothing is missing'),
  together: z.array(callSchema).describe('the same in as few transactions as there can be'),
});
export type Signing = z.output<typeof signingSchema>;
