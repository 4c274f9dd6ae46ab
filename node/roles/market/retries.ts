// When something that did not succeed is tried again: at once where it had news, else after longer and longer waits.

/** Milliseconds before the first further try; each further wait is twice as long, up to the longest. */
const first = 1000;
const longest = 30_000;

interface Wait {
  readonly until: number;
  readonly ms: number;
  readonly news: number;
}

/** The waits of one process; a restart tries everything at once. */
export class Retries {
  readonly #waits = new Map<string, Wait>();

  /** @param news grows whenever something has happened that may make a difference. */
  isDue(key: string, news: number): boolean {
    const wait = this.#waits.get(key);
    return !wait || wait.until <= performance.now() || wait.news !== news;
  }

  /** A try came to nothing. */
  failed(key: string, news: number): void {
    const before = this.#waits.get(key);
    const ms = before?.news === news ? Math.min(before.ms * 2, longest) : first;
    this.#waits.set(key, { until: performance.now() + ms, ms, news });
  }

  /** Forgets all keys that begin so. */
  forget(prefix: string): void {
    for (const key of this.#waits.keys()) if (key.startsWith(prefix)) this.#waits.delete(key);
  }
}
