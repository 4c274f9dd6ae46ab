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
export { type CheckKind, checkKinds } from './kinds.ts';
export type { SentClaim, SentStatement } from './proofs/statements.ts';
export { BatchVerifier, type VerifierSettings } from './proofs/verifier.ts';
export { type AuditReport, auditFormat, auditReportSchema } from './report/schema.ts';
export { meaningOf, type SiteCheckKind, siteCheckKinds } from './site/kinds.ts';
export { renderSiteAudit } from './site/page.ts';
export { type SiteReport, siteAuditFormat, siteReportSchema } from './site/report.ts';
export { auditSite, type SiteAuditSettings } from './site/site_audit.ts';
