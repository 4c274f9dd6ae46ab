// The largest coordinates of a vector by magnitude.

/**
 * Ranked indices of the `count` largest `|values|`, largest first, ties by the smaller index; zeros are left
 * out.
 */
export function topK(values: Float32Array, count: number): Uint32Array {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`topK: count is ${count}, but must be 1 or more`);
  const sorted = values.map(Math.abs).sort();
  const threshold = count < sorted.length ? sorted[sorted.length - count]! : 0;
  const above: number[] = [];
  const level: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > threshold) above.push(i);
    else if (magnitude === threshold && magnitude > 0) level.push(i);
  }
  above.sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b);
  return Uint32Array.from(above.concat(level).slice(0, count));
}
