// How far something is that is given to a host: by the chain, and by what this node has done.
import type { Hosted } from '@murmuration/desk';

/** What the stage follows from. */
export interface Standing {
  readonly isDone: boolean;
  readonly hasPackage: boolean;
  /** Whether a wallet owns stake and rewards; else an account of the node does, and signs by itself. */
  readonly byWallet: boolean;
  readonly isBusy: boolean;
  readonly isLocked: boolean;
  /** Whether the chain has all that the seat takes: ownership, stake, mandate. */
  readonly isCovered: boolean;
  /** Whether the host may pledge the stake to the task. */
  readonly isAllowed: boolean;
  readonly hasSeat: boolean;
  readonly status: string;
  readonly until: bigint;
  /** Seconds, chain time. */
  readonly now: bigint;
}

export function stageOf(of: Standing): Hosted['state'] {
  if (of.isDone) return 'done';
  if (!of.hasPackage) {
    if (of.isBusy) return 'preparing';
    if (of.byWallet) return of.isCovered ? 'unsealed' : 'unsigned';
    return of.isLocked ? 'locked' : 'failed';
  }
  if (of.status === 'ended' || of.status === 'cancelled') return 'over';
  if (of.until <= of.now) return 'expired';
  if (of.hasSeat) return of.status === 'open' ? 'taken' : 'running';
  return of.isAllowed ? 'given' : 'withdrawn';
}
