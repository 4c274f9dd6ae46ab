// How many coordinates a round carries: DGC's warm-up of the density, within the chunks that the task pays
// for.

/** What of a task the schedule reads. */
export interface Schedule {
  density: number;
  warmup: readonly number[];
  chunks: number;
}

/**
 * Coordinates of round `round` (from 0): the density's share of `size`, at least 1, at most `chunks * coordinatesPerChunk`
 * and `size`.
 */
export function coordinatesOf(
  schedule: Schedule,
  round: number,
  size: number,
  coordinatesPerChunk: number,
): number {
  const density = schedule.warmup[round] ?? schedule.density;
  return Math.max(1, Math.min(Math.floor(density * size), schedule.chunks * coordinatesPerChunk, size));
}
