// Tells that something has changed, at most so often: a role at work says many things in a second.

/** Milliseconds in which several changes are told as one. */
const pause = 300;

/** Something that changes, and those who hear of it. */
export interface Changes {
  readonly tell: () => void;
  /** @returns what takes this back */
  listen(hear: () => void): () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  return {
    tell() {
      if (timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        for (const hear of listeners) hear();
      }, pause);
    },
    listen(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
}
