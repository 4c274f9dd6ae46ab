// The one error of this folder: a code to branch on and a message that names value, rule and mend.

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

export class HeError extends Error {
  readonly code: HeErrorCode;

  constructor(code: HeErrorCode, message: string) {
    super(message);
    this.name = 'HeError';
    this.code = code;
  }
}

/** Throws an {@link HeError} unless `condition` holds. The message is built only when it is needed. */
export function ensure(condition: boolean, code: HeErrorCode, message: () => string): asserts condition {
  if (!condition) throw new HeError(code, message());
}
