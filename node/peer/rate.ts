// A token bucket: how much somebody may still ask for now.

/** Tokens come back at `perSecond` up to `burst`; `take` spends them, or says no and spends nothing. */
export interface Bucket {
  take(amount: number): boolean;
}

/** A full bucket. `now` gives milliseconds from any monotonic clock. */
export function bucket(
  perSecond: number,
  burst: number,
  now: () => number = () => performance.now(),
): Bucket {
  let tokens = burst;
  let at = now();
  return {
    take(amount) {
      const time = now();
      tokens = Math.min(burst, tokens + ((time - at) / 1000) * perSecond);
      at = time;
      if (amount > tokens) return false;
      tokens -= amount;
      return true;
    },
  };
}
