// One try at proving one sum of a round, and what came of it.
import type { RoundEntry } from '../../chain/index.ts';

/**
 * What came of one try at a sum: `proven` here, at so many wei; `taken` by another prover, or its phase is `over`;
 * `closed`, since it cannot be opened yet; `declined` by who was asked before it was sent.
 */
export type SumOutcome =
  | { readonly how: 'proven'; readonly wei: bigint }
  | { readonly how: 'taken' | 'over' | 'closed' | 'declined' };

/** One try at a sum. */
export interface SumTry {
  readonly entry: RoundEntry;
  /** Its number. */
  readonly sum: number;
  readonly signal: AbortSignal;
  /** Asked once there is a proof, which is worth as much as sending it brings; it is sent unless told. */
  readonly sends?: () => Promise<boolean>;
}
