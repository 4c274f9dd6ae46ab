// Integer helpers of the public rules: what Solidity computes with uint256, here with bigint.

/** The largest integer whose square is at most `n` (Newton). @throws RangeError for a negative number. */
export function isqrt(n: bigint): bigint {
  if (n < 0n) throw new RangeError(`isqrt: n is ${n}; it must not be negative`);
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** The largest whole number that divides both; of 0 and a number that number. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * The lower median: of n values in order, the one at place (n - 1) / 2, rounded down.
 * @throws RangeError without values.
 */
export function lowerMedian(values: readonly bigint[]): bigint {
  if (values.length === 0) throw new RangeError('lowerMedian: no values; give at least one');
  return [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[(values.length - 1) >> 1]!;
}
