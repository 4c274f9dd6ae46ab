// What a failed try tells: enough to mend it, and nothing of a secret.
import { MurmurationError, reasonOf } from '@murmuration/core';
import type { Reason } from '../job/job.ts';

/** Codes of faults that lie in the inputs: another try would fail in the same way. */
const lasting = new Set(['argument', 'field', 'input', 'statement', 'witness']);

/** The fault of a try, and whether another try is of use. */
export interface Fault {
  readonly reason: Reason;
  readonly lasting: boolean;
}

/**
 * @param secret whether the inputs are: then the message, which may name values, is left out; not that of `input`, which
 * tells of a content that could not be read.
 */
export function faultOf(error: unknown, { secret }: { readonly secret: boolean }): Fault {
  const code = error instanceof MurmurationError ? error.code : 'fault';
  const message =
    secret && code !== 'input'
      ? `the prover failed with the code ${code}; its message may hold inputs`
      : reasonOf(error);
  return { reason: { code, message }, lasting: lasting.has(code) };
}
