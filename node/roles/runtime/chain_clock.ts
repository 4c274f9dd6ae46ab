// Chain time without a question at each look: asked once in a while, and measured in between. The clock of this
// machine has no part in it, since it may be minutes off.

/** Milliseconds for which an answer serves. */
const serves = 10_000;

/** Tells chain time, in seconds. @param ask for the time that a transaction sent now would see. */
export function chainClock(ask: () => Promise<bigint>): () => Promise<bigint> {
  let known: { readonly time: bigint; readonly at: number } | undefined;
  return async () => {
    const passed = known ? performance.now() - known.at : serves;
    if (known && passed < serves) return known.time + BigInt(Math.floor(passed / 1000));
    const at = performance.now();
    known = { time: await ask(), at };
    return known.time;
  };
}
