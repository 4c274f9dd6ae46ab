// The one error of this package: a code to branch on, a message that names value and rule, and the mend where
// there is one.

import { MurmurationError } from '@murmuration/core';

/**
 * What went wrong:
 * - `parameter`: parameters that are insecure, inconsistent or could overflow;
 * - `argument`: a value of the caller's outside its stated range;
 * - `wire`: bytes that are not the canonical encoding of what was expected;
 * - `mismatch`: well-formed bytes of other parameters, another epoch, key group, party or ciphertext;
 * - `set`: decryption shares that do not belong together, or a wrong one among them;
 * - `noise`: a ciphertext whose noise is above the bound of honest encryptions;
 * - `plaintext`: a sum that no honest encryptions of the stated weight can add up to;
 * - `proof`: a ciphertext that is not proven to be an honest encryption;
 * - `limit`: one decryption too many of the same ciphertext.
 */
export type HeErrorCode =
  | 'parameter'
  | 'argument'
  | 'wire'
  | 'mismatch'
  | 'set'
  | 'noise'
  | 'plaintext'
  | 'proof'
  | 'limit';

/** Every error that this package throws for a fault of its input. */
export class HeError extends MurmurationError<HeErrorCode> {}

/**
 * Throws an {@link HeError} unless `condition` holds.
 * @param message builds the message, which takes time only where it is needed.
 * @param mend how to mend the fault, as a sentence.
 */
export function ensure(
  condition: boolean,
  code: HeErrorCode,
  message: () => string,
  mend?: string,
): asserts condition {
  if (!condition) throw new HeError(code, message(), mend === undefined ? {} : { mend });
}
