// Turns among the members of one process: what a proof needs is prepared by one after the other. All at once, none would
// be ready before all are, and the prover's threads would have nothing to do meanwhile.

/** Milliseconds that others wait for one: what it does may wait for somebody else. */
const patience = 500;

let last: Promise<void> = Promise.resolve();

/** A turn to prepare a proof. */
export interface Turn {
  /** Waits until those that came before have passed theirs on, or their time was up. */
  come(): Promise<void>;
  /** Lets the next one in; harmless where it was let in already. */
  pass(): void;
}

/** Does work that takes a turn; the turn is over with it at the latest. */
export async function inTurn<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
  const { promise: passed, resolve: pass } = Promise.withResolvers<void>();
  async function come(): Promise<void> {
    const before = last;
    last = before.then(() => {
      const timer = setTimeout(pass, patience);
      return passed.finally(() => clearTimeout(timer));
    });
    await before;
  }
  try {
    return await work({ come, pass });
  } finally {
    pass();
  }
}
