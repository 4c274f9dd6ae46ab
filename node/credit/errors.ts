// What can be wrong with a credit score's parts, each with a code of its own: a borrower, an issuer and a lender mend different things.
import { MurmurationError } from '@murmuration/core';

/**
 * What is wrong:
 * - `file`: a file that is no schema, model, record, list of issuers or proof, or was altered;
 * - `protected`: a protected attribute in a schema that does not say so;
 * - `feature`: a value that is missing, of no category, or out of its range;
 * - `schema`: a record or a model of another schema;
 * - `model`: a model that does not fit integers, differs too much from the trained one, or is not accepted;
 * - `signature`: a record that was altered, or not signed by the key that it names;
 * - `issuer`: an issuer that is not in the set: unknown, removed, or its key rotated;
 * - `revoked`: a record whose issuer or holder revoked it;
 * - `subject`: a record for another account;
 * - `expired`: a record that expires too early;
 * - `early`: a record that was issued later than now;
 * - `place`: a proof for another chain, contract or time.
 */
export type CreditErrorCode =
  | 'file'
  | 'protected'
  | 'feature'
  | 'schema'
  | 'model'
  | 'signature'
  | 'issuer'
  | 'revoked'
  | 'subject'
  | 'expired'
  | 'early'
  | 'place';

/** An error of this room; see {@link CreditErrorCode} for its codes. */
export class CreditError extends MurmurationError<CreditErrorCode> {}
