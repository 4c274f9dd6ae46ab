// Why a store did not give or take a block.
import type { ErrorParts } from '@murmuration/core';
import { NodeError, type Prospect } from '../errors.ts';

/**
 * `missing`: not here. `wrong`: not what its address says. `oversized`: beyond a limit. `unreachable`: no
 * answer.
 */
export type StoreReason = 'missing' | 'wrong' | 'oversized' | 'unreachable';

const prospects: Readonly<Record<StoreReason, Prospect>> = {
  missing: 'passing',
  unreachable: 'passing',
  oversized: 'final',
  // Another store, or the same one later, may give the right bytes.
  wrong: 'unknown',
};

/** A store's failure: a NodeError `store` with its reason. */
export class StoreError extends NodeError {
  readonly reason: StoreReason;

  constructor(reason: StoreReason, message: string, parts?: ErrorParts) {
    super('store', message, { ...parts, prospect: prospects[reason] });
    this.reason = reason;
  }
}

/**
 * Whether a failure is the store's, and the block may still come: a missing block may be put there, an
 * unreachable store may answer again, and another store may give the right bytes. A block that is too large
 * stays so.
 */
export const mayStillCome = (error: unknown): boolean =>
  error instanceof StoreError && error.reason !== 'oversized';
