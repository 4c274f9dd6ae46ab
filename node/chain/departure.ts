// Who has left a task before its start, and why: the others ask, since a task without them may be cancelled.
import type { TaskStatus } from '@murmuration/contracts';
import type { Address } from 'viem';

/** An application or a seat that ended before the task started. */
export interface Departure {
  readonly account: Address;
  /** What the task was doing. */
  readonly status: TaskStatus;
  /** Number of the key generation; 0 before the first. */
  readonly epoch: number;
  /** Smallest units; 0 where it is not the account's fault. */
  readonly slashed: bigint;
  /** Whether validators voted that its key material keeps a key from being made. */
  readonly rejected: boolean;
  readonly block: bigint;
}

/** Why it has left, as a sentence about the account goes on. */
export function departureReason({ status, slashed, rejected }: Departure): string {
  const atFault = slashed > 0n;
  if (status === 'open') return 'took its application back';
  if (status === 'drawing')
    return atFault
      ? 'did not show its secret for the draw in time: it was not running'
      : 'was not drawn for a seat';
  if (rejected) return 'was voted out by the validators: its part of the key does not make one';
  return atFault
    ? 'did not do its part of the key in time: it was not running, or not reached'
    : 'confirmed another key than the others';
}
