// The groups of validators, whose probes are opened as one sum each (docs/encodings.md, "Scores").
import { maxGroups } from '@murmuration/prover';

/** Groups that `validators` seats are cut into: of two seats or more, at most seven. */
export const groupCount = (validators: number): number =>
  Math.max(1, Math.min(maxGroups, Math.floor(validators / 2)));

/** Probes that a group's sum must have: one probe alone is never opened. */
export const leastProbes = 2;

/** Groups that must count in a round before it can strike anybody. */
export const leastStrikingGroups = 3;

/**
 * The groups of seats in a random order: the seat at place k is in group `k mod G`.
 * @param order a permutation of the seats 0 to V - 1.
 * @param count G.
 * @returns the group of each seat.
 */
export function groupsOf(order: ArrayLike<number>, count = groupCount(order.length)): number[] {
  const groups = Array<number>(order.length).fill(0);
  for (let k = 0; k < order.length; k++) groups[order[k]!] = k % count;
  return groups;
}
