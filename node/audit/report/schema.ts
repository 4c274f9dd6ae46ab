// The report of an audit, as its JSON file has it. Amounts and other numbers beyond 2^53 are decimal strings.
import { z } from 'zod';
import { checkKindNames } from '../kinds.ts';

export const auditFormat = 'murmuration-audit/1';

const digits = z.string().regex(/^-?(0|[1-9][0-9]*)$/, 'a whole number in decimal digits');
const bytes = z.string().regex(/^0x([0-9a-f]{2})*$/, 'bytes in hexadecimal');
const account = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an account');
const count = z.int().min(0);

/** docs/audit.md says what each member is. */
export const auditReportSchema = z.strictObject({
  format: z.literal(auditFormat),
  /** When the audit was made: ISO 8601, UTC. */
  created: z.iso.datetime(),
  software: z.string(),
  /**
   * `clean`: all that was checked holds, and all was. `incomplete`: nothing failed, something could not be
   * checked.
   */
  outcome: z.enum(['clean', 'incomplete', 'failed']),
  task: z.strictObject({
    chainId: z.int().min(1),
    marketplace: account,
    rounds: account,
    number: digits,
    planner: account,
    status: z.string(),
    name: z.string().nullable(),
    description: bytes,
    firstModel: bytes,
    lastModel: bytes,
  }),
  chain: z.strictObject({
    /** The blocks that were read. */
    from: digits,
    until: digits,
    untilHash: bytes,
    /** Of those that concern the task. */
    blocks: z.array(z.strictObject({ number: digits, hash: bytes })),
  }),
  /** Names and values as the planner posted them. */
  parameters: z.record(z.string(), z.string()),
  keys: z.strictObject({
    preset: z.string(),
    kind: z.string(),
    contributors: z.array(z.string()),
    verifyingKeys: z.record(z.string(), bytes),
    collectiveKey: bytes.nullable(),
  }),
  people: z.array(
    z.strictObject({
      account,
      role: z.enum(['planner', 'trainer', 'validator', 'prover']),
      weight: count,
      standing: z.enum(['seated', 'suspended', 'ejected', 'left', 'none']),
      pledged: digits,
      earned: digits,
      reported: digits,
      slashed: digits,
      burnt: digits,
      level: count,
      /** What stands against a trainer, by sums that stayed closed: no proof of anything. */
      suspicion: count,
    }),
  ),
  rounds: z.array(
    z.strictObject({
      number: count,
      outcome: z.string(),
      updates: count,
      probes: count,
      refused: count,
      excluded: count,
      /** Updates that the round left out, after sums that stayed closed. */
      leftOut: count,
      sums: count,
      /** Basis points; null without a count of votes. */
      quality: z.int().nullable(),
      gain: z.int().nullable(),
      model: bytes.nullable(),
    }),
  ),
  checks: z.array(
    z.strictObject({
      kind: z.enum(checkKindNames as [string, ...string[]]),
      passed: count,
      failed: count,
      unchecked: count,
    }),
  ),
  findings: z.array(
    z.strictObject({
      kind: z.enum(checkKindNames as [string, ...string[]]),
      verdict: z.enum(['failed', 'unchecked']),
      subject: z.string(),
      reason: z.string(),
      round: count.nullable(),
      artifact: bytes.nullable(),
    }),
  ),
  misconduct: z.array(
    z.strictObject({ account, round: count, what: z.string(), text: z.string(), shownBy: bytes }),
  ),
  /** What no audit can check, and why. */
  limits: z.array(z.string()),
  /** Every content that the chain names and this audit asked for. */
  artifacts: z.array(
    z.strictObject({
      kind: z.string(),
      digest: bytes,
      state: z.enum(['read', 'missing', 'altered']),
    }),
  ),
});

/** A report. */
export type AuditReport = z.output<typeof auditReportSchema>;
