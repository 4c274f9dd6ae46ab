// In which order a round's proposals are merged.
import type { Journal, RoundEntry } from './journal.ts';

/** A round's proposals in the order of the seats, validators first. */
export function proposalsInOrder(
  { epochs }: Pick<Journal, 'epochs'>,
  { proposals }: Pick<RoundEntry, 'proposals'>,
): RoundEntry['proposals'] {
  const { validators, trainers } = [...epochs.values()].at(-1)!;
  const seats = [...validators, ...trainers];
  return proposals.toSorted((a, b) => seats.indexOf(a.proposer) - seats.indexOf(b.proposer));
}
