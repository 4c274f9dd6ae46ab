// What a report says of a score that went on chain after its training: how good it is, who borrowed by it and what that
// showed, which cheats were refused, and where the score comes from.
import { z } from 'zod';

const share = z.number().min(0).max(1);
const natural = z.int().min(0);
const label = z.string().min(1).max(200);
const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const digest = z.string().regex(/^0x[0-9a-f]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
/** A number of up to 32 bytes. */
const word = z.string().regex(/^0x(0|[1-9a-f][0-9a-f]{0,63})$/);
const decimal = z.string().regex(/^\d{1,78}$/);

/** A figure, and what 95 % of draws of the rows lie in. */
const estimate = z.strictObject({
  value: z.number().finite(),
  interval: z.tuple([z.number().finite(), z.number().finite()]).readonly(),
});

const group = z.strictObject({
  group: label,
  rows: natural,
  defaultRate: share,
  meanChance: share,
  /** Mean collateral that the brackets ask for, in percent. */
  collateral: estimate,
  /** Share in brackets 0 to 3, and that over the highest one of all groups. */
  favoured: estimate,
  ratio: share,
  /** Of those who paid, who are in brackets 4 to 9. */
  refusedGood: share,
});

/** A field of a call: its bytes as they stand in the transaction, and what they tell. */
const field = z.strictObject({ name: label, offset: natural, bytes: hex, tells: z.string().max(500) });

const call = z.strictObject({
  transaction: digest,
  to: address,
  /** Name of the function. */
  call: label,
  fields: z.array(field).min(1).max(64),
});

const borrower = z.strictObject({
  name: label,
  /** Whose test row it is. */
  lender: label,
  account: address,
  bracket: z.int().min(0).max(9),
  /** Of default, computed at home; the chain does not get it. */
  chance: share,
  /** Columns that counted most against it, with values: they stay at home, too. */
  reasons: z.array(z.string().max(500)).max(64),
  /** Milliseconds that the proof took. */
  proofMs: z.number().min(0).finite(),
  credential: digest,
  /** In percent of the debt, by the contract. */
  collateralShare: z.number().min(100).max(150),
  /** In whole tokens. */
  lent: z.number().min(0).finite(),
  collateral: z.number().min(0).finite(),
  /** All transactions of the account: all that it ever showed. */
  calls: z.array(call).min(1).max(100),
});

const refusal = z.strictObject({
  attempt: label,
  /** `at home`, by the program, or `on chain`, by the contract. */
  where: z.enum(['at home', 'on chain']),
  /** The error's name or code. */
  error: label,
});

const lineage = z.strictObject({
  pool: address,
  credentials: address,
  models: address,
  rounds: address,
  /** Digest of the model in integers, and of its file. */
  digest: word,
  content: digest,
  schema: word,
  set: decimal,
  task: decimal,
  /** Digest of the task's description. */
  metadata: digest,
  first: digest,
  last: digest,
  steps: z.array(z.strictObject({ round: z.int().min(1), outcome: label, model: digest })).max(100_000),
  trainers: z.array(address).max(64),
  validators: z.array(address).max(64),
});

/** Parses the part. */
export const lendingSchema = z.strictObject({
  /** Rows that nobody has learnt from, and how many of them came to default. */
  rows: natural,
  defaults: natural,
  models: z
    .array(z.strictObject({ model: label, auc: estimate, gini: estimate, ks: estimate }))
    .min(1)
    .max(70),
  /** Rows of each bracket, the chance below which it is, and the collateral that it asks for in percent. */
  brackets: z
    .array(
      z.strictObject({ rows: natural, defaults: natural, below: share, collateral: z.number().min(100) }),
    )
    .length(10),
  /** By attribute that the score does not have. */
  groups: z.record(label, z.array(group).max(100)),
  /** Validators who signed, of how many, and the share of the stake that they have. */
  approvals: z.strictObject({ signers: natural, of: natural }),
  borrowers: z.array(borrower).min(1).max(10),
  refusals: z.array(refusal).max(100),
  lineage,
});

/** A score that went on chain. */
export type Lending = z.infer<typeof lendingSchema>;
/** A borrower of it. */
export type LendingBorrower = Lending['borrowers'][number];
