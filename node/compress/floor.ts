// The floor below which a chunk is not sent. What is public of an update, its figures, is the update itself where few
// of its coordinates are live: a support of one live coordinate and as many dead ones as it takes would be enough.
// Whoever chooses the support must not gain by that, so a sender looks at its own chunk and sends zeros in its place.

/**
 * The figures of an update are 61 bits at most: seven scores of 255 values, and the bucket of a norm below 2^32. The
 * signs of 64 coordinates alone are more, even for a reader that knows every magnitude.
 */
const floor = 64;

/**
 * Fewest live coordinates, those that are not 0, with which a chunk is sent: 64, or half of what a small round
 * carries. A round of fewer than 128 coordinates could not be filled otherwise; it hides less.
 * @param carried coordinates of the whole round, all chunks.
 */
export const fewestLive = (carried: number): number => Math.min(floor, Math.ceil(carried / 2));

/**
 * Sets a chunk to zeros if fewer of its coordinates than `fewest` are live.
 * @returns whether it is withheld.
 */
export function withhold(chunk: Int8Array, fewest: number): boolean {
  let live = 0;
  for (const coordinate of chunk) if (coordinate !== 0) live++;
  if (live >= fewest) return false;
  chunk.fill(0);
  return true;
}
