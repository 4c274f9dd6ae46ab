// Sums of coordinates, as the collective key would open them.

/** The sum of several rows, coordinate by coordinate. @param weights of the rows; without it 1 each */
export function sumOf(
  rows: readonly ArrayLike<number>[],
  size: number,
  weights?: readonly number[],
): Int32Array {
  const sum = new Int32Array(size);
  for (const [i, row] of rows.entries()) {
    const weight = weights?.[i] ?? 1;
    for (let j = 0; j < size; j++) sum[j]! += weight * row[j]!;
  }
  return sum;
}

/** The first `size` coordinates of chunks in a row. */
export function rowOf(chunks: readonly Int8Array[], size: number): Int8Array {
  const row = new Int8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    row.set(chunk.subarray(0, Math.min(chunk.length, size - at)), at);
    at = Math.min(size, at + chunk.length);
  }
  return row;
}
