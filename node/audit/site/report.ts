// The report of an audit of a site, as its JSON has it.
import type { Hex } from 'viem';
import { z } from 'zod';
import { places } from '../../site/index.ts';
import { type SiteCheckKind, siteCheckNames } from './kinds.ts';

export const siteAuditFormat = 'murmuration-site-audit/1';

const digits = z.string().regex(/^(0|[1-9][0-9]*)$/, 'a whole number in decimal digits');
const bytes = z.string().regex(/^0x([0-9a-f]{2})*$/, 'bytes in hexadecimal');
const account = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an account');
const count = z.int().min(0);
const kind = z.enum(siteCheckNames as [string, ...string[]]);
const moment = z.string();

/** What does not hold, or could not be checked. */
export interface SiteFinding {
  readonly kind: SiteCheckKind;
  readonly verdict: 'failed' | 'unchecked';
  readonly subject: string;
  readonly reason: string;
  /** Hash of the transaction, or digest of the content. */
  readonly artifact: Hex | null;
}

/** docs/audit.md says what each member is. */
export const siteReportSchema = z.strictObject({
  format: z.literal(siteAuditFormat),
  created: z.iso.datetime(),
  software: z.string(),
  outcome: z.enum(['clean', 'incomplete', 'failed']),
  site: z.strictObject({
    account,
    chainId: z.int().min(1),
    logs: z.array(
      z.strictObject({
        folder: z.string(),
        files: count,
        entries: count,
        from: moment,
        until: moment,
        head: bytes,
      }),
    ),
  }),
  chain: z.strictObject({ until: digits, untilHash: bytes }),
  /** Numbers (nonces) of the account's transactions that the log covers: from the first to before `to`. */
  covered: z.strictObject({ from: count, to: count }),
  /** Entries that no transaction vouches for yet. */
  unanchored: count,
  /** What holds, in whole sentences. */
  statement: z.array(z.string()),
  /** What left, by what and to whom. */
  left: z.array(
    z.strictObject({
      place: z.enum(places),
      what: z.string(),
      to: z.string(),
      count,
      bytes: count,
      /** Of which nobody can tell whether they arrived. */
      unsure: count,
      first: moment,
      last: moment,
    }),
  ),
  /** Of each round, 0 before the first, how much left. */
  rounds: z.array(z.strictObject({ round: count, count, bytes: count })),
  refused: z.array(z.strictObject({ what: z.string(), to: z.string(), why: z.string(), times: count })),
  checks: z.array(z.strictObject({ kind, passed: count, failed: count, unchecked: count })),
  findings: z.array(
    z.strictObject({
      kind,
      verdict: z.enum(['failed', 'unchecked']),
      subject: z.string(),
      reason: z.string(),
      artifact: bytes.nullable(),
    }),
  ),
  limits: z.array(z.string()),
  /** Everything that left, entry by entry. */
  entries: z.array(
    z.strictObject({
      /** Which of the logs. */
      log: count,
      n: count,
      at: moment,
      round: count,
      place: z.enum(places),
      what: z.string(),
      to: z.string(),
      bytes: count,
      digest: bytes,
      fate: z.enum(['left', 'unsure']),
      /** Hash of the transaction. */
      transaction: bytes.nullable(),
    }),
  ),
});

/** A report. */
export type SiteReport = z.output<typeof siteReportSchema>;
