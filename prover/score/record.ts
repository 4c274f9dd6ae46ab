// A record: what an issuer says of a person, as the one field element that it signs.
import type { ScoreInstance } from '@murmuration/circuits';
import { ProverError } from '../errors.ts';
import { checkField } from '../field.ts';
import { pack } from '../packing.ts';
import { poseidon } from '../poseidon/permutation.ts';
import { sponge } from '../sponge.ts';
import { checkDigest } from './model.ts';
import { featureBits } from './shape.ts';

/** What an issuer signs. */
export interface ScoreRecord {
  /** Digest of the schema, in [0, 2^248). */
  readonly schema: bigint;
  /** The account that may show a proof, 160 bits. */
  readonly subject: bigint;
  /** The same for one person at one issuer, and nobody else's; in [0, r). */
  readonly holder: bigint;
  /** 31 random bytes, which issuer and holder alone know: who shows them revokes the record. */
  readonly serial: bigint;
  /** Seconds since 1970, below 2^64. */
  readonly issuedAt: bigint;
  /** Seconds since 1970, below 2^64. */
  readonly expiresAt: bigint;
  /** One for each input of the shape, in order of the schema, zeros behind; from -2^15 to 2^15 - 1. */
  readonly features: readonly number[];
}

/**
 * What an issuer signs of a record, in [0, r).
 *
 * @throws {ProverError} `argument` or `field` for a member out of range.
 */
export function recordDigest({ widths, domains }: ScoreInstance, record: ScoreRecord): Promise<bigint> {
  const { schema, subject, holder, serial, issuedAt, expiresAt, features } = record;
  checkDigest('schema', schema);
  checkBits('subject', subject, 160);
  checkField('holder', holder);
  checkBits('serial', serial, 248);
  checkBits('issuedAt', issuedAt, 64);
  checkBits('expiresAt', expiresAt, 64);
  if (features.length !== widths[0]) {
    throw new ProverError(
      'argument',
      `features has ${features.length} entries, but this shape has ${widths[0]}`,
    );
  }
  const lanes = features.map((value) => value + 2 ** (featureBits - 1));
  return sponge(domains.record, [
    schema,
    subject,
    holder,
    serial,
    issuedAt,
    expiresAt,
    ...pack(lanes, featureBits),
  ]);
}

/** By which a record is revoked on chain, in [0, r): its preimage is the serial, which nobody else knows. */
export function serialHash(serial: bigint): bigint {
  return poseidon([serial, 0n]);
}

/** One for a person, a model and a time, whatever the account; in [0, r). */
export function scoreNullifier(holder: bigint, model: bigint, until: bigint): bigint {
  return poseidon([holder, model, until]);
}

function checkBits(name: string, value: bigint, bits: number): void {
  if (typeof value === 'bigint' && value >= 0n && value < 2n ** BigInt(bits)) return;
  throw new ProverError('argument', `${name} is ${value}, but it has at most ${bits} bits`);
}
