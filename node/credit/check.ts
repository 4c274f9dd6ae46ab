// What a lender's policy asks of a record and a model, held against them at home before anything is proven: a proof that the chain refuses
// costs a fee and shows a nullifier for nothing.
import {
  type IssuerKey,
  issuerPath,
  type ScoreSecret,
  scoreNullifier,
  serialHash,
} from '@murmuration/prover/score';
import { z } from 'zod';
import { CreditError } from './errors.ts';
import type { CreditModel } from './model_file.ts';
import { hexOf, parseAs, point } from './parse.ts';
import type { SignedRecord } from './record.ts';

/** Keys in their places; one that was removed leaves none. */
export type IssuerSet = readonly (IssuerKey | undefined)[];

const issuersFile = z.strictObject({
  format: z.literal('murmuration-credit-issuers/1'),
  issuers: z.array(point.nullable()).max(256),
});

/** A set of issuers from JSON. @throws {CreditError} `file` for another form. */
export const parseIssuers = (input: unknown): IssuerSet =>
  parseAs('the issuers', issuersFile, input).issuers.map((key) => key ?? undefined);

/** What a chain knows when a proof is to be shown, read from it or told by a file. */
export interface ShowingPlace {
  /** Of chain and contract, see `scoreDomain`. */
  readonly domain: bigint;
  /** The set that the lender's policy names. */
  readonly issuers: IssuerSet;
  /** Keys that were in the set and are not any more, where that is known: it makes a better message. */
  readonly formerIssuers?: readonly IssuerKey[] | undefined;
  /** Whether a model is accepted. */
  isAccepted(model: bigint): boolean;
  /** Whether a record is revoked, by its serial's hash. */
  isRevoked(serialHash: bigint): boolean;
  /** Seconds since 1970: until when the credential will hold. */
  readonly until: bigint;
  /** Chain time, seconds since 1970. */
  readonly now: bigint;
  /** Who shows the proof. */
  readonly subject: bigint;
}

/**
 * What is to be proven, if the chain will take it.
 *
 * @throws {CreditError} with the code of the first thing that is wrong.
 */
export function checkShown(
  { model, file }: CreditModel,
  { record, issuer, signature }: SignedRecord,
  place: ShowingPlace,
): ScoreSecret {
  if (record.schema !== model.schema) {
    throw new CreditError(
      'schema',
      `the record is of schema ${hexOf(record.schema)}, but the model takes ${hexOf(model.schema)}`,
    );
  }
  if (!place.isAccepted(file.digest)) {
    throw new CreditError(
      'model',
      `model ${hexOf(file.digest)} is not accepted where the proof is to be shown`,
      {
        mend: "It is accepted once validators with more than half of its task's stake have signed it.",
      },
    );
  }
  if (record.subject !== place.subject) {
    throw new CreditError(
      'subject',
      `the record is for account ${addressOf(record.subject)}, but ${addressOf(place.subject)} shows it`,
    );
  }
  if (record.issuedAt > place.now) {
    throw new CreditError('early', `the record is issued at ${record.issuedAt}, but it is ${place.now}`);
  }
  if (record.expiresAt < place.until) {
    throw new CreditError(
      'expired',
      `the record expires at ${record.expiresAt}, but the credential is until ${place.until}`,
      {
        mend: 'Ask the issuer for a new record.',
      },
    );
  }
  const hash = serialHash(record.serial);
  if (place.isRevoked(hash)) {
    throw new CreditError('revoked', `the record was revoked: its serial's hash is ${hexOf(hash)}`);
  }
  return { model, record, signature, issuer, path: issuerPath(place.issuers, placeOf(issuer, place)) };
}

function placeOf(issuer: IssuerKey, { issuers, formerIssuers = [] }: ShowingPlace): number {
  const same = (key: IssuerKey | undefined) => key?.x === issuer.x && key.y === issuer.y;
  const place = issuers.findIndex(same);
  if (place >= 0) return place;
  const former = formerIssuers.some(same);
  throw new CreditError(
    'issuer',
    former
      ? `the issuer's key ${hexOf(issuer.x)} was in the set, but it was removed or rotated`
      : `the issuer's key ${hexOf(issuer.x)} is unknown to the set`,
    {
      mend: former
        ? 'Ask the issuer to sign again with its new key.'
        : 'Ask an issuer that the lender names.',
    },
  );
}

const addressOf = (subject: bigint): string => `0x${subject.toString(16).padStart(40, '0')}`;

/** What a proof will show that links it: the nullifier, and the serial's hash. */
export const linksOf = ({ record }: SignedRecord, { file }: CreditModel, until: bigint) => ({
  nullifier: scoreNullifier(record.holder, file.digest, until),
  serialHash: serialHash(record.serial),
});
