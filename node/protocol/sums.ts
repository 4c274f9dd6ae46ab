// The sums of a round and their numbers (docs/encodings.md, "Groups and sums"): 0 is the sum of the updates, 1 + g that of
// the probes of group g.

/** What a trainer sends, and what a validator sends. */
export const subjects = ['update', 'probe'] as const;
/** One of {@link subjects}. */
export type Subject = (typeof subjects)[number];

/** The sum of the updates. */
export const updateSum = 0;

/** The sum of the probes of group `group`, from 0. */
export const probeSum = (group: number): number => 1 + group;

/** What a sum's addends are. */
export const subjectOf = (sum: number): Subject => (sum === updateSum ? 'update' : 'probe');

/** The group whose probes a sum is of. @throws RangeError for the sum of the updates. */
export function groupOf(sum: number): number {
  if (sum === updateSum) throw new RangeError('sum 0 is that of the updates, but a group was asked for');
  return sum - 1;
}

/** A sum, for people: `the updates`, `the probes of group 2`. */
export const sumName = (sum: number): string =>
  sum === updateSum ? 'the updates' : `the probes of group ${groupOf(sum)}`;

/** The sums in a mask of the contract, ascending: bit s stands for sum s. */
export function sumsIn(mask: number): number[] {
  const sums: number[] = [];
  for (let sum = 0; mask >> sum !== 0; sum++) if ((mask >> sum) & 1) sums.push(sum);
  return sums;
}
