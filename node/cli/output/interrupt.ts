// How work that goes on until somebody ends it is told to end.

const listeners = new Set<() => void>();

/**
 * Calls `stop`, once, when the process is asked to end: by Ctrl-C, by SIGTERM, or because nobody reads its
 * output any more. A second Ctrl-C ends the process at once. Returns what takes this back.
 */
export function onInterrupt(stop: () => void): () => void {
  const once = () => {
    takeBack();
    stop();
  };
  const takeBack = () => {
    process.off('SIGINT', once).off('SIGTERM', once);
    listeners.delete(once);
  };
  process.on('SIGINT', once).on('SIGTERM', once);
  listeners.add(once);
  return takeBack;
}

/** Asks the work to end. @returns whether anything heard it. */
export function interrupt(): boolean {
  const heard = [...listeners];
  for (const stop of heard) stop();
  return heard.length > 0;
}
