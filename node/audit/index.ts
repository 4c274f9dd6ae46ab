// Audits: a task recomputed from chain and content, reported, and certified.
export { type Audited, type AuditSettings, auditTask } from './audit.ts';
export { type Auditor, auditorOf, auditorPurpose } from './certificate/auditor.ts';
export type { Certificate } from './certificate/certificate.ts';
export {
  auditFiles,
  compareContents,
  filesOf,
  type VerifiedAudit,
  verifyAudit,
  verifyFiles,
  writeAudit,
} from './files.ts';
export type { SentClaim, SentStatement } from './proofs/statements.ts';
export { BatchVerifier, type VerifierSettings } from './proofs/verifier.ts';
export { type AuditReport, auditFormat, auditReportSchema } from './report/schema.ts';
