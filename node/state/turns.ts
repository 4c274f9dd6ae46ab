// Turns: actions on one file happen one after the other, in the order in which they were asked for.

/** A queue for each file. */
export interface Turns {
  /** Runs the action after all earlier ones on this file, whether or not those went well. */
  take<T>(file: string, action: () => Promise<T>): Promise<T>;
  /** Resolves when all actions are over. */
  over(): Promise<void>;
}

/** Turns without an action yet. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(file, action) {
      const turn = (last.get(file) ?? Promise.resolve()).then(action, action);
      last.set(file, turn);
      // Names come and go, one a round; a queue that is empty is none.
      const forget = () => void (last.get(file) === turn && last.delete(file));
      turn.then(forget, forget);
      return turn;
    },
    over: async () => void (await Promise.allSettled(last.values())),
  };
}
