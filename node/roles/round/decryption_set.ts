// Who is asked to decrypt. Every member computes the same from the chain, but for what only those know that
// have seen shares open or fail; where they differ, a later window asks others.

/** What is known of the members when somebody is asked. */
export interface Asking {
  /** Indices in the key group of trainers in good standing. */
  readonly candidates: readonly number[];
  /** t, members that it takes to decrypt. */
  readonly threshold: number;
  /** How often a candidate kept silent when it was asked, or gave shares, perhaps with others, that failed. */
  readonly faults: ReadonlyMap<number, number>;
  /** Turns the order of equals, so that no seat is asked before the others in every round. */
  readonly turn: number;
}

/**
 * The `threshold` candidates with the fewest faults, and of equals the next in turn. After a set that failed
 * as many of its members are left out as there are others: the suspects are split. Nobody is left out for
 * good, since silence may have been the network's, and of a set that failed some have done no wrong.
 * @returns ascending; undefined when there are fewer than `threshold` candidates at all.
 */
export function decryptionSet({ candidates, threshold, faults, turn }: Asking): number[] | undefined {
  if (candidates.length < threshold) return undefined;
  const of = (index: number) => faults.get(index) ?? 0;
  const from = turn % candidates.length;
  return [...candidates.slice(from), ...candidates.slice(0, from)]
    .map((index, place) => ({ index, place }))
    .sort((a, b) => of(a.index) - of(b.index) || a.place - b.place)
    .slice(0, threshold)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
}
