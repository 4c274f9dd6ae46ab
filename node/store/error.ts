// Why a store did not give or take a block.

/** `missing`: not here. `wrong`: not what its address says. `oversized`: beyond a limit. `unreachable`: no answer. */
export type StoreReason = 'missing' | 'wrong' | 'oversized' | 'unreachable';

/** A store's failure, with its reason for programs and its message for people. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly reason: StoreReason;

  constructor(reason: StoreReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Whether a failure is the store's, and the block may still come: what is too large stays so. */
export const mayStillCome = (error: unknown): boolean =>
  error instanceof StoreError && error.reason !== 'oversized';
