// How measured times are summed up.

/** Milliseconds of repeated runs. */
export interface Timing {
  readonly median: number;
  /** Largest minus smallest. */
  readonly spread: number;
}

/** Median and spread of at least one value, to a hundredth. */
export function timing(values: readonly number[]): Timing {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  const round = (value: number) => Math.round(value * 100) / 100;
  return { median: round(median), spread: round(sorted.at(-1)! - sorted[0]!) };
}

/** Runs `work` and resolves to its result and milliseconds. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now();
  const result = await work();
  return { result, ms: performance.now() - started };
}

/** Proofs that come first and are not counted: they load the key, and V8 compiles code anew while it finds out what is used most. */
export const warmUps = 8;
