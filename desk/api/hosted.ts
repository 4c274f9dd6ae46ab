// A task that a host's machine trains in for an owner: who the host is, what it is given, and how that stands.
import { z } from 'zod';
import { readingSchema } from './file.ts';
import { runSchema } from './run.ts';
import { address, digits, faultSchema } from './words.ts';

/** Characters of a host's identity, of a consent or of a receipt, at most. */
const mostText = 20_000;
const text = z.string().min(1).max(mostText);

export const lookAtHostSchema = z.strictObject({
  identity: text.describe('what `murmur host identity` printed'),
});

/** Who a host is, once its identity holds. */
export const hostSeenSchema = z.strictObject({
  account: address.describe('acts, and signed the identity'),
  key: z.string().describe('that the file is sealed to'),
  fingerprint: z.string().describe('to be compared by another way than the identity came'),
  owner: address.describe("who has the account's stake and rewards now"),
  ether: digits.describe('that it pays gas with, wei'),
});
export type HostSeen = z.output<typeof hostSeenSchema>;

/** What is given to a host. */
export const giveSchema = z.strictObject({
  identity: text,
  name: z.string().max(100).default('').describe("the owner's own name for the host; it is told to nobody"),
  consent: text
    .optional()
    .describe("what `murmur owner consent` printed at the host; not needed where its account is the owner's"),
  owner: address
    .optional()
    .describe("the wallet that owns stake and rewards; without it, the node's account"),
  role: z.enum(['trainer', 'validator']).default('trainer'),
  stake: digits.describe('that the host may pledge'),
  valid: z.int().min(60).max(31_536_000).describe('seconds that the mandate is good, from now by the chain'),
  file: z.uuid(),
  reading: readingSchema.prefault({}),
  terms: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('the digest of the terms that were shown and agreed to'),
  acceptRisks: z.boolean().default(false),
});
export type Give = z.input<typeof giveSchema>;

const runFields = {
  status: true,
  round: true,
  rounds: true,
  phase: true,
  history: true,
  movements: true,
  earned: true,
  slashed: true,
  claimable: true,
} as const;

export const hostedSchema = z.strictObject({
  task: digits,
  name: z.string(),
  host: hostSeenSchema.pick({ account: true, key: true, fingerprint: true }).extend({ name: z.string() }),
  account: address.describe('of the node: its log has what is given to the host'),
  owner: address,
  role: z.enum(['trainer', 'validator']),
  stake: digits,
  until: digits.describe('seconds, chain time'),
  state: z
    .enum([
      'unsigned',
      'unsealed',
      'locked',
      'preparing',
      'failed',
      'given',
      'withdrawn',
      'taken',
      'running',
      'over',
      'expired',
      'done',
    ])
    .describe(
      'unsigned: the wallet has to adopt and bond; unsealed: it has to sign the mandate that goes into the package; given: ' +
        'the host has no seat yet; done: its receipt is here',
    ),
  free: digits.describe("stake of the host's account that is pledged to nothing"),
  withdrawable: digits.describe('stake that can leave now'),
  pledged: digits.describe('stake in the task; when that is over it can be freed'),
  package: z
    .strictObject({
      digest: z.string(),
      bytes: z.int(),
      inStore: z.boolean().describe('else it has to be sent as a file'),
      command: z.string().describe('what the host runs'),
    })
    .optional(),
  receipt: z
    .strictObject({ outcome: z.enum(['over', 'expired']), erased: digits })
    .optional()
    .describe('what the host has signed'),
  run: runSchema.pick(runFields),
  fault: faultSchema.optional(),
});
export type Hosted = z.output<typeof hostedSchema>;

export const hostedListSchema = z.strictObject({ hosted: z.array(hostedSchema) });

/** The mandate that the package holds, for a wallet to sign. */
export const toSignSchema = z.strictObject({
  owner: address,
  says: z.array(z.string()).describe('what it comes to, in words'),
  typed: z.string().describe('EIP-712, as eth_signTypedData_v4 takes it'),
});
export type ToSign = z.output<typeof toSignSchema>;

export const signatureSchema = z.strictObject({ signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/) });
export const receiptTextSchema = z.strictObject({
  receipt: text.describe('the file that the host sent: what `murmur host run` wrote'),
});
