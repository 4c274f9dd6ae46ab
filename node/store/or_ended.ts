// A wait that its caller can end, also where what is waited for cannot be taken back.

/** What the promise comes to, or the signal's reason as soon as it fires. It leaves no listener behind. */
export function orEnded<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
