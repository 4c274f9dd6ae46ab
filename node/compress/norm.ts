// Clipping by the l2 norm.

/** The l2 norm. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** The factor, at most 1, that brings `values` within the norm `bound`. */
export function clipFactor(values: ArrayLike<number>, bound: number): number {
  if (!(bound > 0)) throw new RangeError(`clip: bound is ${bound}, but must be positive`);
  const n = norm(values);
  return n > bound ? bound / n : 1;
}
