// Multiplication by a monomial X^i in Z[X] / (X^N + 1), i in [0, 2N): a turn, with signs.

/** Coefficient `at` of X^i x, negacyclic; i in [0, 2N). */
export function shifted(x: ArrayLike<number>, i: number, at: number): number {
  const n = x.length;
  const place = at - i;
  if (place >= 0) return x[place]!;
  return place >= -n ? -x[place + n]! : x[place + 2 * n]!;
}

/** to += X^i x. */
export function addShifted(to: Int32Array, x: Int32Array, i: number): void {
  const n = x.length;
  const [turn, sign] = i < n ? [i, 1] : [i - n, -1];
  for (let j = 0; j < n - turn; j++) to[j + turn]! += sign * x[j]!;
  for (let j = n - turn; j < n; j++) to[j + turn - n]! -= sign * x[j]!;
}
