// Closers: what has been opened is closed again, the last opened first, even if another fails to close.

/** A stack of things to close. */
export interface Closers {
  /** Adds something to close; it is closed before all that was added earlier. */
  add(close: () => unknown): void;
  /** Closes everything, once. Rejects with the first failure, after all the others have been closed. */
  close(): Promise<void>;
}

/** An empty stack. */
export function createClosers(): Closers {
  const stack: (() => unknown)[] = [];
  return {
    add: (close) => void stack.push(close),
    async close() {
      const failures: unknown[] = [];
      for (const close of stack.splice(0).reverse())
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/**
 * Builds something out of parts that have to be closed. If that fails, the parts that were opened are closed.
 */
export async function withClosers<T>(build: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = createClosers();
  try {
    return await build(closers);
  } catch (error) {
    // The failure that led here is the one to report.
    await closers.close().catch(() => undefined);
    throw error;
  }
}
