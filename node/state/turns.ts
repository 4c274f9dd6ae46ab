// Turns: actions on one thing, such as a file, happen one after the other, in the order in which they were asked for.

/** A queue for each thing. */
export interface Turns {
  /** Runs the action after all earlier ones on the thing of this name, whether or not those went well. */
  take<T>(name: string, action: () => Promise<T>): Promise<T>;
  /** Resolves when all actions are over. */
  over(): Promise<void>;
}

/** Turns without an action yet. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(name, action) {
      const turn = (last.get(name) ?? Promise.resolve()).then(action, action);
      last.set(name, turn);
      // Names come and go, one a round; a queue that is empty is none.
      const forget = () => void (last.get(name) === turn && last.delete(name));
      turn.then(forget, forget);
      return turn;
    },
    over: async () => void (await Promise.allSettled(last.values())),
  };
}
