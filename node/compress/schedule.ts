// How many coordinates a round carries: DGC's warm-up of the density, within the chunks that the task pays
// for.

/** The part of a task's description that the schedule follows. */
export interface Schedule {
  /** Share of the model that a round carries after warm-up. */
  readonly density: number;
  /** Densities of the first rounds, one a round. */
  readonly warmup: readonly number[];
  readonly chunks: number;
}

/**
 * The coordinates of one round, counted from 0: the density's share of `size`, at least 1, at most `chunks`
 * times K, and `size`.
 */
export function coordinatesOf(
  { density, warmup, chunks }: Schedule,
  { round, size, coordinatesPerChunk }: Carried,
): number {
  const share = warmup[round] ?? density;
  return Math.max(1, Math.min(Math.floor(share * size), chunks * coordinatesPerChunk, size));
}

/** What is carried. */
interface Carried {
  /** From 0. */
  readonly round: number;
  /** D, parameters of the model. */
  readonly size: number;
  /** K. */
  readonly coordinatesPerChunk: number;
}
