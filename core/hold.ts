// A wait that Node does not leave in the middle.

/** Milliseconds of a timer that need never fire: the longest that Node takes. */
const longest = 2 ** 31 - 1;

/**
 * What the promise comes to; until then the process lives. Timers of `AbortSignal.timeout` do not keep it alive: where
 * they alone end a wait, as when a peer closes connections whose sockets are gone, Node ends with exit code 13.
 */
export async function hold<T>(promise: Promise<T>): Promise<T> {
  const held = setInterval(() => undefined, longest);
  try {
    return await promise;
  } finally {
    clearInterval(held);
  }
}
