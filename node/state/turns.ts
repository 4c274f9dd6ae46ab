// Actions on one file happen one after the other, in the order in which they were asked for.

/** A queue for each file. */
export interface Turns {
  /** Runs the action after all that was asked for this file before, whether or not that went well. */
  take<T>(file: string, action: () => Promise<T>): Promise<T>;
  /** Resolves when all that was asked for is over. */
  over(): Promise<void>;
}

/** No action asked for yet. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(file, action) {
      const turn = (last.get(file) ?? Promise.resolve()).then(action, action);
      last.set(file, turn);
      return turn;
    },
    over: async () => void (await Promise.allSettled(last.values())),
  };
}
