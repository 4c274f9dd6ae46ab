// A streaming weighted sum: one ciphertext of memory, whatever the number of addends.

import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import {
  type Ciphertext,
  checkWeight,
  ciphertextPrimes,
  decodeCiphertext,
  encodeCiphertext,
  type RingContext,
} from '../wire/ciphertext.ts';

/** Adds weight times `addend` to the rows in place. */
export function addWeighted(
  { ring }: RingContext,
  sum: readonly Row[],
  addend: readonly Row[],
  weight: number,
): void {
  // The addend was decoded for this sum alone, so it may be the one that is multiplied in place.
  for (const [index, prime] of ciphertextPrimes.entries())
    sum[index]!.set(ring.scaleAdd(addend[index]!, BigInt(weight), sum[index]!, prime));
}

export class Accumulator {
  readonly #context: RingContext;
  readonly #federation: Uint8Array;
  readonly #rows: Row[];
  #weight = 0;

  constructor(context: RingContext, federation: Uint8Array) {
    this.#context = context;
    this.#federation = federation;
    this.#rows = ciphertextPrimes.map(() => context.ring.zero());
  }

  /** The weight added up so far. */
  get weight(): number {
    return this.#weight;
  }

  /**
   * Adds `weight` times a ciphertext; of a sum, `weight` multiplies the weight that it has.
   * @throws HeError `argument` where the weights would exceed Wmax; `wire` or `mismatch` for a bad ciphertext.
   * The sum is unchanged then.
   */
  add(ciphertext: Uint8Array, weight = 1): this {
    const { params } = this.#context;
    checkWeight(params, weight);
    const decoded: Ciphertext = decodeCiphertext(this.#context, this.#federation, ciphertext);
    const total = this.#weight + weight * decoded.weight;
    this.#weight = checkWeight(params, total);
    addWeighted(this.#context, this.#rows, decoded.rows, weight);
    return this;
  }

  /** The sum on the wire. @throws HeError `argument` where nothing was added. */
  sum(): Uint8Array<ArrayBuffer> {
    ensure(this.#weight > 0, 'argument', () => 'sum: nothing was added');
    return encodeCiphertext(this.#context, this.#federation, { weight: this.#weight, rows: this.#rows });
  }
}
