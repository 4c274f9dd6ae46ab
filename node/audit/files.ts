// The three files of an audit: written, and verified again without anything else.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeError } from '../errors.ts';
import { canonicalBytes } from '../protocol/canonical_json.ts';
import { digestOf } from '../protocol/index.ts';
import { writeAtomically } from '../state/index.ts';
import { StoreError } from '../store/index.ts';
import type { Auditor } from './certificate/auditor.ts';
import {
  type Certificate,
  type CertifiedFile,
  certify,
  encodeCertificate,
  readCertificate,
  subjectOf,
  wrongFiles,
} from './certificate/certificate.ts';
import { documentIn } from './certificate/document.ts';
import type { Contents } from './content/contents.ts';
import { renderAudit } from './report/page.ts';
import { type AuditReport, auditReportSchema } from './report/schema.ts';

/** Names of the files. */
export const auditFiles = {
  report: 'report.json',
  page: 'report.html',
  certificate: 'certificate.json',
} as const;

/** Most bytes of one of them that are read. */
const maxFile = 256 * 2 ** 20;

/** The files of an audit, by name. */
export function filesOf(report: AuditReport, auditor: Auditor): ReadonlyMap<string, Uint8Array> {
  const files: CertifiedFile[] = [
    { name: auditFiles.report, mediaType: 'application/json', bytes: canonicalBytes(report) },
    {
      name: auditFiles.page,
      mediaType: 'text/html',
      bytes: new TextEncoder().encode(renderAudit(report, auditor)),
    },
  ];
  const certificate = encodeCertificate(certify(auditor, report, files));
  return new Map([
    ...files.map(({ name, bytes }) => [name, bytes] as const),
    [auditFiles.certificate, certificate] as const,
  ]);
}

/**
 * Writes an audit's files into a folder, for anybody to read; the certificate last, so that what it vouches
 * for is there.
 */
export async function writeAudit(folder: string, report: AuditReport, auditor: Auditor): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of filesOf(report, auditor))
    await writeAtomically(join(folder, name), bytes, { mode: 0o666 });
}

/** What holds of a folder's audit. */
export interface VerifiedAudit {
  readonly certificate: Certificate;
  readonly report: AuditReport;
}

/**
 * Verifies the files of an audit.
 * @param issuer whose certificate it must be, if it matters.
 * @throws NodeError `audit` naming what is missing, was altered, or is another auditor's.
 */
export async function verifyAudit(folder: string, issuer?: string): Promise<VerifiedAudit> {
  const read = async (name: string) => {
    const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes && bytes.length > maxFile)
      throw new NodeError('audit', `${name} has ${bytes.length} bytes, too many`);
    return bytes;
  };
  const bytes = await read(auditFiles.certificate);
  if (!bytes)
    throw new NodeError('audit', `${folder} has no ${auditFiles.certificate}`, {
      mend: 'Name the folder of an audit.',
    });
  const files = new Map<string, Uint8Array | undefined>();
  for (const name of [auditFiles.report, auditFiles.page]) files.set(name, await read(name));
  return verifyFiles(bytes, files, issuer);
}

/** Verifies an audit's files, however they were read. @throws as {@link verifyAudit}. */
export function verifyFiles(
  certificateBytes: Uint8Array,
  files: ReadonlyMap<string, Uint8Array | undefined>,
  issuer?: string,
): VerifiedAudit {
  const certificate = readCertificate(certificateBytes);
  if (issuer !== undefined && certificate.issuer !== issuer)
    throw new NodeError('audit', `the certificate is of ${certificate.issuer}, not of ${issuer}`);
  const wrong = wrongFiles(certificate, files);
  const named = certificate.relatedResource.map(({ name }) => name);
  for (const name of [auditFiles.report, auditFiles.page])
    if (!named.includes(name)) wrong.push(`${name} is not among the files that it vouches for`);
  if (wrong.length > 0) throw new NodeError('audit', wrong.join('; '));
  const { value: report } = documentIn(auditReportSchema, files.get(auditFiles.report)!, auditFiles.report);
  const { id, outcome } = certificate.credentialSubject;
  if (id !== subjectOf(report) || outcome !== report.outcome)
    throw new NodeError('audit', 'the certificate says something else of the task than its report');
  return { certificate, report };
}

/** Contents that a report names and a store has otherwise: each with what is there instead. */
export async function compareContents(
  { artifacts }: AuditReport,
  store: Contents,
): Promise<{ readonly same: number; readonly missing: number; readonly altered: readonly string[] }> {
  const altered: string[] = [];
  let [same, missing] = [0, 0];
  for (const { digest, kind, state } of artifacts) {
    if (state !== 'read') continue;
    try {
      const bytes = await store.get(digest as `0x${string}`, { maxBytes: maxFile });
      if (digestOf(bytes) === digest) same += 1;
      else altered.push(`${kind} ${digest}`);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (error.reason === 'wrong') altered.push(`${kind} ${digest}`);
      else missing += 1;
    }
  }
  return { same, missing, altered };
}
