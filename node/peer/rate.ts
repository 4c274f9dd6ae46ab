// A token bucket: how much an account may still ask for now.

/** Tokens come back at `perSecond` up to `burst`. */
export interface Bucket {
  /** Spends the amount; false, with nothing spent, where it is not there. */
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
