// Audits as people read them: of a task, with its certificate, and of what left this machine.
import { z } from 'zod';
import { address, digits, faultSchema } from './words.ts';

const outcome = z.enum(['clean', 'incomplete', 'failed']);

/** One kind of check, and what came of it. */
const checkSchema = z.strictObject({
  title: z.string(),
  method: z.string().describe('how it was made'),
  passed: z.int(),
  failed: z.int(),
  unchecked: z.int(),
});

/** What does not hold, or could not be checked. */
const auditFindingSchema = z.strictObject({
  verdict: z.enum(['failed', 'unchecked']),
  title: z.string(),
  round: z.int().optional(),
  about: z.string(),
  why: z.string(),
});

const auditReportSchema = z.strictObject({
  created: z.iso.datetime(),
  issuer: z.string().describe("a did:key: this desk's own key, by which it signs"),
  outcome,
  status: z.string().describe("the task's"),
  until: digits.describe('the last block that was read'),
  untilHash: z.string(),
  checks: z.array(checkSchema),
  findings: z.array(auditFindingSchema),
  misconduct: z.array(z.strictObject({ account: address, round: z.int(), text: z.string() })),
  people: z.array(
    z.strictObject({
      account: address,
      role: z.string(),
      standing: z.string(),
      earned: digits,
      slashed: digits,
      strikes: z.int(),
    }),
  ),
  limits: z.array(z.string()).describe('what no audit can check'),
});

export const auditSchema = z.strictObject({
  task: digits,
  state: z.enum(['none', 'working', 'done', 'failed']),
  says: z.string().describe('what it does, or did last'),
  report: auditReportSchema.optional(),
  fault: faultSchema.optional(),
});
export type Audit = z.output<typeof auditSchema>;

/** The files of an audit that can be had. */
export const auditFileNames = ['certificate.json', 'report.json', 'report.html'] as const;

export const siteSchema = z.strictObject({
  account: address,
  created: z.iso.datetime(),
  outcome,
  statement: z.array(z.string()).describe('what holds, in whole sentences'),
  left: z.array(
    z.strictObject({
      place: z.string(),
      what: z.string(),
      means: z.string().optional().describe('what a content of this kind is'),
      to: z.string(),
      count: z.int(),
      bytes: z.int(),
    }),
  ),
  refused: z.array(z.strictObject({ what: z.string(), to: z.string(), why: z.string(), times: z.int() })),
  findings: z.array(auditFindingSchema.omit({ round: true })),
  limits: z.array(z.string()).describe('what cannot be shown'),
});
export type Site = z.output<typeof siteSchema>;

/** The files of an audit of the site that can be had. */
export const siteFileNames = ['site.json', 'site.html'] as const;
