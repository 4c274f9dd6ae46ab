// The largest coordinates of a vector by magnitude.

/**
 * Ranked indices of the `count` largest `|values|`, largest first, ties by the smaller index; zeros are left
 * out.
 */
export function topK(values: Float32Array, count: number): Uint32Array {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`topK: count is ${count}, but must be 1 or more`);
  const threshold = count < values.length ? ranked(values, count) : 0;
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

/** Bits of a magnitude that are counted first, then those below them. */
const highBits = 16;
const lowBits = 15;

/**
 * The magnitude of this rank, the largest's is 1. Magnitudes ascend as their bits do, so two passes that count bits do
 * what sorting a hundred thousand of them takes five times as long for.
 */
function ranked(values: Float32Array, rank: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const magnitudeOf = (i: number) => bits[i]! & 0x7fffffff;
  const highs = new Uint32Array(2 ** highBits);
  for (let i = 0; i < bits.length; i++) highs[magnitudeOf(i) >>> lowBits]!++;
  const high = fromTop(highs, rank);
  const lows = new Uint32Array(2 ** lowBits);
  for (let i = 0; i < bits.length; i++) {
    const magnitude = magnitudeOf(i);
    if (magnitude >>> lowBits === high.place) lows[magnitude & (2 ** lowBits - 1)]!++;
  }
  const { place } = fromTop(lows, high.rest);
  return new Float32Array(Uint32Array.of((high.place << lowBits) | place).buffer)[0]!;
}

/** Where the one of this rank is counted, and its rank among those of that place. */
function fromTop(counts: Uint32Array, rank: number): { readonly place: number; readonly rest: number } {
  let place = counts.length - 1;
  let rest = rank;
  while (counts[place]! < rest) rest -= counts[place--]!;
  return { place, rest };
}
