// What somebody has asked for with a seat.
import type { Address } from 'viem';
import type { Reading } from '../../../learn/index.ts';
import type { Listing } from '../../../roles/index.ts';

export interface Wish {
  readonly task: string;
  readonly role: 'trainer' | 'validator';
  /** Who acts; without it the example's own account. */
  readonly account?: Address | undefined;
  /** The wallet that is to own its stake and rewards; without it, the account does, or whoever owns it already. */
  readonly owner?: Address | undefined;
  /** Pledged, in the smallest unit; without it what the example pledges. */
  readonly stake?: string | undefined;
  /** The place on the task's allow-list, where there is one. */
  readonly listing?: Listing | undefined;
  /** Of given rows; without it those that the example has. */
  readonly file?: string | undefined;
  readonly reading: Reading;
  readonly acceptRisks: boolean;
}
