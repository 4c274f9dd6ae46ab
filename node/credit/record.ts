// A record: what an issuer attests of a person, signed, as a file that the person keeps.
import {
  checkIssuerKey,
  type IssuerKey,
  type IssuerKeyPair,
  type RecordSignature,
  recordDigest,
  type ScoreRecord,
  scoreInstance,
  signElement,
  verifyElement,
} from '@murmuration/prover/score';
import { z } from 'zod';
import { CreditError } from './errors.ts';
import { featuresOf, padded, type Values } from './features.ts';
import { fileText, hexNumber, hexOf, parseAs, point } from './parse.ts';
import { type CreditSchema, featureCount, featureOne, schemaDigest } from './schema.ts';

const seconds = z.int().min(0).transform(BigInt);

const recordFile = z.strictObject({
  format: z.literal('murmuration-credit-record/1'),
  schema: hexNumber,
  subject: hexNumber,
  holder: hexNumber,
  serial: hexNumber,
  issuedAt: seconds,
  expiresAt: seconds,
  features: z.array(z.int()).min(1).max(64),
  issuer: point,
  signature: z.strictObject({ nonce: point, s: hexNumber }),
});

/** A record that was read: its signature holds under the key that it names. */
export interface SignedRecord {
  readonly record: ScoreRecord;
  readonly issuer: IssuerKey;
  readonly signature: RecordSignature;
}

/** What an issuer attests. */
export interface Attestation {
  readonly schema: CreditSchema;
  readonly values: Values;
  /** The account that may show proofs. */
  readonly subject: bigint;
  /** See `Issuer.holderOf`. */
  readonly holder: bigint;
  /** Seconds since 1970. */
  readonly issuedAt: bigint;
  /** Seconds since 1970. */
  readonly expiresAt: bigint;
}

/**
 * Signs a record under a fresh serial.
 *
 * @throws {CreditError} `feature` for a value that the schema does not take, `expired` for a record that expires before it is issued.
 */
export async function signRecord(
  keys: IssuerKeyPair,
  { schema, values, subject, holder, issuedAt, expiresAt }: Attestation,
): Promise<SignedRecord> {
  if (expiresAt <= issuedAt) {
    throw new CreditError('expired', `the record expires at ${expiresAt}, but it is issued at ${issuedAt}`);
  }
  const serial = BigInt(`0x${Buffer.from(crypto.getRandomValues(new Uint8Array(31))).toString('hex')}`);
  const features = featuresOf(schema, values);
  const record = { schema: schemaDigest(schema), subject, holder, serial, issuedAt, expiresAt, features };
  const signature = signElement(keys, await recordDigest(scoreInstance(schema.shape), record));
  return { record, issuer: keys.publicKey, signature };
}

/** A record's file. */
export function recordText(schema: CreditSchema, { record, issuer, signature }: SignedRecord): string {
  const key = ({ x, y }: IssuerKey) => ({ x: hexOf(x), y: hexOf(y) });
  return fileText({
    format: 'murmuration-credit-record/1',
    schema: hexOf(record.schema),
    subject: hexOf(record.subject),
    holder: hexOf(record.holder),
    serial: hexOf(record.serial),
    issuedAt: Number(record.issuedAt),
    expiresAt: Number(record.expiresAt),
    features: record.features.slice(0, featureCount(schema)),
    issuer: key(issuer),
    signature: { nonce: key(signature.nonce), s: hexOf(signature.s) },
  });
}

/**
 * Reads a record of a schema and verifies its signature.
 *
 * @throws {CreditError} `file` for another form, `schema` for another schema, `feature` for a feature out of range, `signature` for one that
 * does not hold.
 */
export async function readRecord(input: unknown, schema: CreditSchema): Promise<SignedRecord> {
  const { format: _, issuer, signature, features, ...rest } = parseAs('the record', recordFile, input);
  const digest = schemaDigest(schema);
  if (rest.schema !== digest) {
    throw new CreditError(
      'schema',
      `the record is of schema ${hexOf(rest.schema)}, but this one is ${hexOf(digest)}`,
      {
        mend: 'Ask the issuer for a record of this schema.',
      },
    );
  }
  const width = featureCount(schema);
  if (features.length !== width) {
    throw new CreditError(
      'feature',
      `the record has ${features.length} features, but the schema has ${width}`,
    );
  }
  const wrong = features.findIndex((value) => value < 0 || value > featureOne);
  if (wrong >= 0) {
    throw new CreditError(
      'feature',
      `feature ${wrong} is ${features[wrong]}, but features go from 0 to ${featureOne}`,
    );
  }
  const record: ScoreRecord = { ...rest, features: padded(schema, features) };
  const signed = await verified(schema, { record, issuer, signature });
  if (signed) return { record, issuer, signature };
  throw new CreditError(
    'signature',
    'the signature does not hold: the record was altered, or another key signed it',
    {
      mend: 'Get the record again from its issuer.',
    },
  );
}

async function verified(schema: CreditSchema, { record, issuer, signature }: SignedRecord): Promise<boolean> {
  try {
    checkIssuerKey('issuer', issuer);
    return verifyElement(issuer, await recordDigest(scoreInstance(schema.shape), record), signature);
  } catch {
    return false;
  }
}
