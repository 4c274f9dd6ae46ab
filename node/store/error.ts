// Why a store did not give or take a block.
import type { ErrorParts } from '@murmuration/core';
import { NodeError, type Prospect } from '../errors.ts';

/**
 * `missing`: not here. `wrong`: not what its address says. `oversized`: beyond a limit. `unreachable`: no
 * answer. `full`: no room for it. `denied`: this process may not read or write there.
 */
export type StoreReason = 'missing' | 'wrong' | 'oversized' | 'unreachable' | 'full' | 'denied';

const prospects: Readonly<Record<StoreReason, Prospect>> = {
  missing: 'passing',
  unreachable: 'passing',
  oversized: 'final',
  // Another store, or the same one later, may give the right bytes.
  wrong: 'unknown',
  // Somebody has to mend it, and then the same succeeds.
  full: 'unknown',
  denied: 'unknown',
};

/** A store's failure: a NodeError `store` with its reason. */
export class StoreError extends NodeError {
  readonly reason: StoreReason;

  constructor(reason: StoreReason, message: string, parts?: ErrorParts) {
    super('store', message, { ...parts, prospect: prospects[reason] });
    this.reason = reason;
  }
}

/** The failure of a call to this machine's disk. @param what was not read or written. */
export function diskError(what: string, cause: unknown): StoreError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StoreError('full', `${what}: no space is left there (${message})`, {
      mend: 'Free some space; what could not be kept is tried again.',
      cause,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new StoreError('denied', `${what}: ${message}`, {
      mend: 'Let the user of this process read and write there; of a folder that users share, `chmod 2775`, umask 002.',
      cause,
    });
  return new StoreError('unreachable', `${what}: ${message}`, { cause });
}

/**
 * Whether a failure is the store's, and the block may still come: a missing block may be put there, an
 * unreachable store may answer again, and another store may give the right bytes. A block that is too large
 * stays so.
 */
export const mayStillCome = (error: unknown): boolean =>
  error instanceof StoreError && error.reason !== 'oversized';
