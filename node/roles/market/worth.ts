// What a sum brings and costs: the fee is in tokens, gas in ether, and the operator says what one is worth in the other.

/** Of one token, in its smallest unit. */
const wholeToken = 10n ** 18n;

/** Prices of the moment. */
export interface Prices {
  /** Wei a unit of gas. */
  readonly gas: bigint;
  /** Wei that one token is worth, above 0. */
  readonly token: bigint;
}

/** What gas costs, in the token's smallest unit, rounded up. */
export function costOf(gas: bigint, { gas: price, token }: Prices): bigint {
  return (gas * price * wholeToken + token - 1n) / token;
}

/** Gas of a sum that has no chunks, and of each chunk: an opening, a proof and its words. As the gas snapshots say. */
const gasOfCall = 320_000n;
const gasOfChunk = 95_000n;

/** What `submitAggregate` takes, by the number of chunks: an estimate, then what was last paid. */
export class GasOfSums {
  readonly #paid = new Map<number, bigint>();

  of(chunks: number): bigint {
    return this.#paid.get(chunks) ?? gasOfCall + BigInt(chunks) * gasOfChunk;
  }

  /** Remembers what a transaction took. */
  learn(chunks: number, gas: bigint): void {
    this.#paid.set(chunks, gas);
  }
}
