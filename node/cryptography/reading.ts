// What a content that could not be used says of whoever announced it. One rule for all who come to a verdict on
// somebody by content: inspections, votes, disputes, audits. It lists what is a fault of the content, and takes
// all else, known or not, for no news of anybody: a full disk, a broken answer or a bug of this machine must
// never cost an honest member its stake.
import { walkCauses } from '@murmuration/core';
import { HeError } from '@murmuration/he';
import { NodeError, prospectOf } from '../errors.ts';
import { mayStillCome, StoreError } from '../store/index.ts';

/**
 * What a failure to use a content shows: `false`, it was read and is something else, which stays so; `missing`, the
 * store looked and has no such bytes, which may still come; `unknown`, nothing, since it could not be looked at.
 */
export type ContentFault = 'false' | 'missing' | 'unknown';

/** What a failure says of the content that was to be used, however the failure was wrapped. */
export function contentFault(error: unknown): ContentFault {
  const ofStore = walkCauses(error, (cause) => cause instanceof StoreError);
  if (ofStore instanceof StoreError && mayStillCome(ofStore))
    // Other bytes under the digest are the right ones' absence: whoever can write to a shared folder could
    // otherwise hide its own content by a damaged file.
    return ofStore.reason === 'missing' || ofStore.reason === 'wrong' ? 'missing' : 'unknown';
  if (prospectOf(error) === 'passing' || isOfThisMachine(error)) return 'unknown';
  return isAboutBytes(error) ? 'false' : 'unknown';
}

/**
 * Whether a failure tells that the content under a digest is something else: its encoding, its size or its proof is
 * wrong, and stays so. What cannot be had now is another matter: it tells nothing.
 */
export const isSomethingElse = (error: unknown): boolean => contentFault(error) === 'false';

/** What decoders and checks of content throw. */
const isAboutBytes = (error: unknown): boolean =>
  error instanceof HeError ||
  (error instanceof NodeError &&
    (error instanceof StoreError || error.code === 'wire' || error.code === 'sum'));

/** A call of the system that failed, or work that was broken off. */
const isOfThisMachine = (error: unknown): boolean =>
  walkCauses(
    error,
    (cause) =>
      'syscall' in cause ||
      cause.name === 'AbortError' ||
      cause.name === 'TimeoutError' ||
      (cause instanceof NodeError && cause.code === 'interrupted'),
  ) !== undefined;
