// The alternative that the design rejects, to show why: scoring updates against their own sum.

/**
 * The vector that updates are scored against: the validators' `probe` (the protocol), or the updates' `sum`.
 */
export const references = ['probe', 'sum'] as const;
/** One of {@link references}. */
export type Reference = (typeof references)[number];

/** `<a, b>` over all chunks, exact: coordinates of 8 bits against sums of at most 18. */
export function inner(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): bigint {
  let total = 0;
  for (const [c, chunk] of a.entries()) {
    const other = b[c]!;
    for (let j = 0; j < chunk.length; j++) total += chunk[j]! * other[j]!;
  }
  return BigInt(total);
}

/** The sum of several updates, coordinate by coordinate: what the collective key would open. */
export function sumOf(updates: readonly Int8Array[][]): Int32Array[] {
  const first = updates[0];
  if (!first) throw new RangeError('sum: no update given, but a round needs at least one');
  return first.map((chunk, c) => {
    const sum = new Int32Array(chunk.length);
    for (const update of updates) for (let j = 0; j < sum.length; j++) sum[j]! += update[c]![j]!;
    return sum;
  });
}
