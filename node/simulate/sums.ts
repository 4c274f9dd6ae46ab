// Sums of coordinates, as the collective key would open them.

/** The sum of several rows, coordinate by coordinate. */
export function sumOf(rows: readonly ArrayLike<number>[], size: number): Int32Array {
  const sum = new Int32Array(size);
  for (const row of rows) for (let j = 0; j < size; j++) sum[j]! += row[j]!;
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
