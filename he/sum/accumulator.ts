// A streaming weighted sum: one ciphertext of memory, whatever the number of addends.

import { ensure } from '../errors.ts';
import type { KeyGroup } from '../keys/group.ts';
import type { Row } from '../ring/ring.ts';
import {
  type Ciphertext,
  checkWeight,
  ciphertextPrimes,
  decodeCiphertext,
  encodeCiphertext,
  type RingContext,
} from '../wire/ciphertext.ts';

export class Accumulator {
  readonly #context: RingContext;
  readonly #groupId: Uint8Array;
  readonly #rows: Row[];
  #weight = 0;

  constructor(context: RingContext, { id }: Pick<KeyGroup, 'id'>) {
    this.#context = context;
    this.#groupId = id;
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
    const { params, ring } = this.#context;
    checkWeight(params, weight);
    const decoded: Ciphertext = decodeCiphertext(this.#context, this.#groupId, ciphertext);
    const total = this.#weight + weight * decoded.weight;
    this.#weight = checkWeight(params, total);
    // The addend was decoded for this sum alone, so it may be the one that is multiplied in place.
    for (const [index, prime] of ciphertextPrimes.entries()) {
      const sum = this.#rows[index]!;
      sum.set(ring.scaleAdd(decoded.rows[index]!, BigInt(weight), sum, prime));
    }
    return this;
  }

  /** The sum on the wire. @throws HeError `argument` where nothing was added. */
  sum(): Uint8Array<ArrayBuffer> {
    ensure(this.#weight > 0, 'argument', () => 'sum: nothing was added');
    return encodeCiphertext(this.#context, this.#groupId, { weight: this.#weight, rows: this.#rows });
  }
}
