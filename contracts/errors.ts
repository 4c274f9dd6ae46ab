// The errors of the contracts' tools: each has a code to branch on, names value and rule, and tells the mend.
import { MurmurationError } from '@murmuration/core';

/**
 * What went wrong:
 * - `program`: anvil or forge, which this platform or this installation does not have;
 * - `compile`: contracts that are not compiled yet and cannot be compiled here, or sources that the compiler
 *   refuses;
 * - `input`: keys, a token or a chain that a deployment cannot be made with;
 * - `transaction`: a transaction of a deployment that fails, or would fail.
 */
export type ContractsErrorCode = 'program' | 'compile' | 'input' | 'transaction';

/** An error of the contracts' tools; see {@link ContractsErrorCode} for its codes. */
export class ContractsError extends MurmurationError<ContractsErrorCode> {}
