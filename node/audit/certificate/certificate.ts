// A certificate of an audit: a verifiable credential (W3C, Verifiable Credentials Data Model 2.0) with a Data
// Integrity proof of the suite eddsa-jcs-2022 (W3C, Data Integrity EdDSA Cryptosuites 1.0, section 3.3).
// Anybody verifies it without a chain, without this software, with SHA-256, JCS and Ed25519 alone.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import { canonicalBytes, canonicalJson } from '../../protocol/canonical_json.ts';
import type { AuditReport } from '../report/schema.ts';
import { type Auditor, isSignedBy, methodOf } from './auditor.ts';
import { documentIn } from './document.ts';
import { decodeMultibase, encodeMultibase } from './multibase.ts';

const contexts = [
  'https://www.w3.org/ns/credentials/v2',
  'https://www.w3.org/ns/credentials/undefined-terms/v2',
] as const;
const suite = 'eddsa-jcs-2022';

/** A file that a certificate vouches for. */
const resource = z.strictObject({
  /** Its digest as a URI (RFC 6920). */
  id: z.string(),
  /** Of the file beside the certificate. */
  name: z.string(),
  mediaType: z.string(),
  /** SHA-256, as Subresource Integrity writes it. */
  digestSRI: z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/, 'a SHA-256 of Subresource Integrity'),
});

const count = z.int().min(0);
const certificateSchema = z.strictObject({
  '@context': z.tuple([z.literal(contexts[0]), z.literal(contexts[1])]),
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('MurmurationAudit')]),
  issuer: z.string(),
  validFrom: z.iso.datetime(),
  credentialSubject: z.strictObject({
    /** `did:pkh` of the marketplace, and the task's number. */
    id: z.string(),
    type: z.literal('FederatedLearningTask'),
    outcome: z.enum(['clean', 'incomplete', 'failed']),
    passed: count,
    failed: count,
    unchecked: count,
    collectiveKey: z.string().nullable(),
    lastModel: z.string(),
    untilBlock: z.string(),
    untilBlockHash: z.string(),
  }),
  relatedResource: z.array(resource).min(1),
  proof: z.strictObject({
    '@context': z.tuple([z.literal(contexts[0]), z.literal(contexts[1])]),
    type: z.literal('DataIntegrityProof'),
    cryptosuite: z.literal(suite),
    created: z.iso.datetime(),
    verificationMethod: z.string(),
    proofPurpose: z.literal('assertionMethod'),
    proofValue: z.string(),
  }),
});

/** A certificate. */
export type Certificate = z.output<typeof certificateSchema>;

/** A file beside a certificate. */
export interface CertifiedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Certifies a report. @param files that the certificate vouches for, the report among them. */
export function certify(auditor: Auditor, report: AuditReport, files: readonly CertifiedFile[]): Certificate {
  const total = (name: 'passed' | 'failed' | 'unchecked') =>
    report.checks.reduce((sum, check) => sum + check[name], 0);
  const { task, chain, keys, created } = report;
  const document: Omit<Certificate, 'proof'> = {
    '@context': [...contexts],
    type: ['VerifiableCredential', 'MurmurationAudit'],
    issuer: auditor.did,
    validFrom: created,
    credentialSubject: {
      id: subjectOf(report),
      type: 'FederatedLearningTask',
      outcome: report.outcome,
      passed: total('passed'),
      failed: total('failed'),
      unchecked: total('unchecked'),
      collectiveKey: keys.collectiveKey,
      lastModel: task.lastModel,
      untilBlock: chain.until,
      untilBlockHash: chain.untilHash,
    },
    relatedResource: files.map(({ name, mediaType, bytes }) => ({
      id: `ni:///sha-256;${sha256(bytes).toString('base64url')}`,
      name,
      mediaType,
      digestSRI: digestSri(bytes),
    })),
  };
  const options: Omit<Certificate['proof'], 'proofValue'> = {
    '@context': [...contexts],
    type: 'DataIntegrityProof',
    cryptosuite: suite,
    created,
    verificationMethod: methodOf(auditor.did),
    proofPurpose: 'assertionMethod',
  };
  const proofValue = encodeMultibase(auditor.sign(hashData(document, options)));
  return { ...document, proof: { ...options, proofValue } };
}

/** A certificate as its file has it: canonical, so that no byte of it can be another. */
export const encodeCertificate = (certificate: Certificate): Uint8Array => canonicalBytes(certificate);

/**
 * Reads a certificate and verifies its signature.
 * @throws NodeError `audit` for bytes that are none, or not in their one form; or whose signature is not that of the
 * issuer that it names.
 */
export function readCertificate(bytes: Uint8Array): Certificate {
  const certificate = parse(bytes);
  const { proof, ...document } = certificate;
  const { proofValue, ...options } = proof;
  const { issuer } = document;
  const about = `certificate of ${issuer}`;
  if (proof.verificationMethod !== methodOf(issuer) || proof.created !== document.validFrom)
    throw new NodeError(
      'audit',
      `${about}: its proof is of another key or another time than the certificate`,
    );
  if (!isSignedBy(issuer, hashData(document, options), decodeMultibase(proofValue)))
    throw new NodeError(
      'audit',
      `${about}: its signature is not that of the issuer: the certificate was altered`,
    );
  return certificate;
}

function parse(bytes: Uint8Array): Certificate {
  const { value, text } = documentIn(certificateSchema, bytes, 'the certificate');
  if (canonicalJson(value) !== text)
    throw new NodeError('audit', 'the certificate is not in its canonical form: it was altered');
  return value;
}

/** The files that are missing, or are others than the certificate vouches for. */
export function wrongFiles(
  { relatedResource }: Certificate,
  files: ReadonlyMap<string, Uint8Array | undefined>,
): string[] {
  return relatedResource.flatMap(({ name, digestSRI }) => {
    const bytes = files.get(name);
    if (!bytes) return [`${name} is missing`];
    return digestSri(bytes) === digestSRI
      ? []
      : [`${name} was altered: its SHA-256 is not the certificate's`];
  });
}

/** What a report is about: the marketplace on its chain (did:pkh), and the task's number there. */
export const subjectOf = ({ task }: AuditReport): string =>
  `did:pkh:eip155:${task.chainId}:${task.marketplace}#task-${task.number}`;

/**
 * What eddsa-jcs-2022 signs: the hash of the proof's options, then that of the document without its proof.
 */
export const hashData = (document: unknown, options: unknown): Uint8Array =>
  Buffer.concat([sha256(canonicalBytes(options)), sha256(canonicalBytes(document))]);

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const digestSri = (bytes: Uint8Array): string => `sha256-${sha256(bytes).toString('base64')}`;
