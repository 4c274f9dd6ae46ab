// How near candidates come to the rows that took part. Whoever knows nothing is measured by the same rule, since the
// best of many guesses is near to something.

/** How rows are compared. */
export interface Measure {
  /** Of each number of a row, its unit; numbers of unit 0 never differ and are not compared. */
  readonly units: Float64Array;
  /** Largest difference, in units, of a row that counts as recovered. */
  readonly within: number;
  /** Whether it is that of the root mean square over the row, or of every number of it. */
  readonly of: 'mean' | 'each';
}

/** What an attack has found of the rows that took part. */
export interface Recovery {
  /** Root mean square difference, in units, of a row and the candidate nearest to it: the mean over the rows. */
  readonly error: number;
  /** Share of the rows that are recovered. */
  readonly share: number;
  /** Number by number, the mean size of that difference. */
  readonly columns: readonly number[];
}

/** Measures candidates against the true rows, each row with the candidate that is nearest to it. */
export function recoveryOf(
  truth: readonly ArrayLike<number>[],
  candidates: readonly ArrayLike<number>[],
  { units, within, of }: Measure,
): Recovery {
  if (candidates.length === 0) throw new RangeError('recovery: no candidate; give what is guessed instead');
  const compared = Array.from(units, (_, j) => j).filter((j) => units[j]! > 0);
  const columns = new Array<number>(units.length).fill(0);
  let [error, recovered] = [0, 0];
  for (const row of truth) {
    const difference = (candidate: ArrayLike<number>, j: number) =>
      Math.abs(candidate[j]! - row[j]!) / units[j]!;
    let [nearest, least] = [candidates[0]!, Number.POSITIVE_INFINITY];
    for (const candidate of candidates) {
      let sum = 0;
      for (const j of compared) sum += difference(candidate, j) ** 2;
      if (sum < least) [nearest, least] = [candidate, sum];
    }
    const size = Math.sqrt(least / compared.length);
    const worst = compared.reduce((most, j) => Math.max(most, difference(nearest, j)), 0);
    error += size / truth.length;
    if ((of === 'mean' ? size : worst) <= within) recovered++;
    for (const j of compared) columns[j]! += difference(nearest, j) / truth.length;
  }
  return { error, share: recovered / truth.length, columns };
}
