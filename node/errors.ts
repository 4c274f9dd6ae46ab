// The errors of the program: each has a code to branch on, names value and rule, and where it is known the
// mend.
import { type ErrorParts, MurmurationError, walkCauses } from '@murmuration/core';

/**
 * What went wrong:
 * - `usage`: a command line that names no verb, action or flag, or gives a flag what its rule refuses;
 * - `input`: a value or file that the user gave;
 * - `task`: a task, or what its planner posted, that cannot be worked on;
 * - `chain`: a chain or a deployment that does not answer, or is another one;
 * - `reverted`: a call that a contract refused;
 * - `invalid`: a call that was not sent, since a contract would record it as invalid and slash its author;
 * - `deployment`: a deployment whose code, wiring, keys or ceremony are not what they must be;
 * - `store`: content that is missing, is not what its digest says, or cannot be fetched now;
 * - `peer`: another member's peer, its address or its message;
 * - `wire`: bytes that are not the canonical encoding of what was expected;
 * - `key`: a collective key that could not be made or does not decrypt;
 * - `sum`: a ciphertext, share or sum that does not open what the contract holds;
 * - `state`: a state folder, keystore or lock on this machine;
 * - `learning`: data, a model or a numerical engine that cannot be used;
 * - `service`: a prover service, its database or its answer;
 * - `audit`: an audit in which a check fails, or that could not check everything; a certificate that does not hold;
 * - `interrupted`: work that was stopped on purpose.
 */
export type NodeErrorCode =
  | 'usage'
  | 'input'
  | 'task'
  | 'chain'
  | 'reverted'
  | 'invalid'
  | 'deployment'
  | 'store'
  | 'peer'
  | 'wire'
  | 'key'
  | 'sum'
  | 'state'
  | 'learning'
  | 'service'
  | 'audit'
  | 'interrupted';

/**
 * What may be expected after an error: `passing`, the same succeeds once what was away is there again, so it is worth
 * waiting; `final`, it never will; `unknown`. What is not final is no verdict on anybody.
 */
export type Prospect = 'passing' | 'final' | 'unknown';

/** An error of the program; see {@link NodeErrorCode} for its codes. */
export class NodeError extends MurmurationError<NodeErrorCode> {
  /** Unknown unless it is said where the error arises. */
  readonly prospect: Prospect;
  /** What is kept back by it, where it protects a secret: a `decryption share`, say. */
  readonly keeps: string | undefined;

  constructor(
    code: NodeErrorCode,
    message: string,
    {
      prospect = 'unknown',
      keeps,
      ...parts
    }: ErrorParts & { readonly prospect?: Prospect; readonly keeps?: string } = {},
  ) {
    super(code, message, parts);
    this.prospect = prospect;
    this.keeps = keeps;
  }
}

/**
 * What may be expected after an error of any origin. An error that says nothing of it has the prospect of what led
 * to it: whoever wraps an error need not know.
 */
export function prospectOf(error: unknown): Prospect {
  const said = walkCauses(error, (cause) => cause instanceof NodeError && cause.prospect !== 'unknown');
  return said instanceof NodeError ? said.prospect : 'unknown';
}
