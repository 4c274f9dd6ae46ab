// Times, and what is told of several.

export interface Timing {
  readonly median: number;
  readonly spread: number;
}

export const wallTime = () => performance.now();
export const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Runs `action` for warm-up, then `runs` times. @param clock in milliseconds. */
export function time(runs: number, action: (run: number) => void, clock = wallTime): Timing {
  for (let run = 0; run < 10; run++) action(run);
  return timingOf(
    Array.from({ length: runs }, (_, run) => {
      const start = clock();
      action(run);
      return clock() - start;
    }),
  );
}

/** Median and interquartile range. */
export function timingOf(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { median: at(0.5), spread: at(0.75) - at(0.25) };
}
