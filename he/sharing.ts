// Which groups have a joint flood, and the sets of members that it is made of (keys/joint.ts).

/**
 * Most keys of a joint flood: C(16, 8). It covers every threshold of up to 16 members, and of larger groups
 * those near 2 and near n. A share costs about half a millisecond a key that its member holds (1.7 ms in `wide`).
 */
export const maxJointKeys = 12_870;

/** n and t, all that the joint flood depends on. */
export interface Sharing {
  /** n. */
  readonly parties: number;
  /** t. */
  readonly threshold: number;
}

/** How many keys the joint flood of a group has, C(n, t - 1); 0 where that is too many and there is none. */
export function jointKeys({ parties, threshold }: Sharing): number {
  let count = 1;
  for (let i = 1; i < threshold; i++) count = (count * (parties - threshold + 1 + i)) / i;
  return Math.round(count) <= maxJointKeys ? Math.round(count) : 0;
}

/** The sets of `size` of the `among` first integers, each ascending, in lexicographic order. */
export function* subsets(among: number, size: number): Generator<readonly number[]> {
  if (size > among) return;
  const set = Array.from({ length: size }, (_, index) => index);
  for (;;) {
    yield [...set];
    let last = size - 1;
    while (last >= 0 && set[last] === among - size + last) last--;
    if (last < 0) return;
    set[last]!++;
    for (let next = last + 1; next < size; next++) set[next] = set[next - 1]! + 1;
  }
}
