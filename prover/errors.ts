// The error of this package: a code to branch on, a message that names value and rule, and the mend where
// there is one.
import { MurmurationError, reasonOf } from '@murmuration/core';

/**
 * What went wrong:
 * - `argument`: a value of the caller's outside its stated range, or of another shape;
 * - `field`: a number that is not a canonical element of Fr, such as an alias `value + r`;
 * - `point`: a point that is not written canonically, not on its curve, or not in its subgroup;
 * - `statement`: a claim and a secret that do not fit each other, told before a proof is tried;
 * - `witness`: inputs that are no witness of the circuit, or bytes that are no witness at all;
 * - `key-file`: a key, manifest or powers file that is missing, cut short, altered, or of another preset or
 *   circuit;
 * - `key-unsound`: a key with which its maker, or anyone, can forge;
 * - `ceremony`: a step that the state of a ceremony does not allow, or a ceremony that does not hold;
 * - `backend`: a prover backend that cannot run here, or that failed;
 * - `stopped`: a proof that was not made because its backend was stopped.
 */
export type ProverErrorCode =
  | 'argument'
  | 'field'
  | 'point'
  | 'statement'
  | 'witness'
  | 'key-file'
  | 'key-unsound'
  | 'ceremony'
  | 'backend'
  | 'stopped';

/** Every error that this package throws for a fault of its input or of its surroundings. */
export class ProverError extends MurmurationError<ProverErrorCode> {}

/** An error on its way between threads. */
export interface ErrorMessage {
  readonly code: ProverErrorCode;
  readonly message: string;
  readonly mend?: string;
}

/** What a thread says of an error; one that is no {@link ProverError} is a backend's. */
export function errorMessage(error: unknown): ErrorMessage {
  const { code, mend } = error instanceof ProverError ? error : { code: 'backend' as const, mend: undefined };
  const message = reasonOf(error);
  return mend === undefined ? { code, message } : { code, message, mend };
}

/** The error that a thread said. */
export function errorOf({ code, message, mend }: ErrorMessage): ProverError {
  return new ProverError(code, message, mend === undefined ? {} : { mend });
}
