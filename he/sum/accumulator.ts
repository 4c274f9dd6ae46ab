// A streaming weighted sum: one ciphertext of memory, whatever the number of addends.

import { ensure } from '../errors.ts';
import type { KeyGroup } from '../keys/group.ts';
import type { Row } from '../ring/ring.ts';
import {
  checkWeight,
  ciphertextPrimes,
  decodeCiphertext,
  encodeCiphertext,
  type RingContext,
} from '../wire/ciphertext.ts';

/** Adds ciphertexts of one key group, each times a weight. No key and no SEAL is needed. */
export class Accumulator {
  readonly #context: RingContext;
  readonly #groupId: Uint8Array;
  readonly #rows: Row[];
  #weight = 0;

  /** @param group the group that all addends must be of. */
  constructor(context: RingContext, group: Pick<KeyGroup, 'id'>) {
    this.#context = context;
    this.#groupId = group.id;
    this.#rows = ciphertextPrimes.map(() => context.ring.zero());
  }

  /** The weight added up so far, from 0 to Wmax. */
  get weight(): number {
    return this.#weight;
  }

  /**
   * Adds `weight` times a ciphertext; of a sum, `weight` multiplies the weight that it has. On an error the
   * sum is unchanged.
   * @throws HeError `argument` where the weights would exceed Wmax; `wire` or `mismatch` for a bad
   *   ciphertext.
   */
  add(ciphertext: Uint8Array, weight = 1): this {
    const { params, ring } = this.#context;
    checkWeight(params, weight);
    const decoded = decodeCiphertext(this.#context, this.#groupId, ciphertext);
    this.#weight = checkWeight(params, this.#weight + weight * decoded.weight);
    // The addend was decoded for this sum alone, so it may be the one that is multiplied in place.
    for (const [index, prime] of ciphertextPrimes.entries()) {
      const sum = this.#rows[index]!;
      sum.set(ring.scaleAdd(decoded.rows[index]!, BigInt(weight), sum, prime));
    }
    return this;
  }

  /**
   * The sum on the wire, a ciphertext of the weight added up.
   * @throws HeError `argument` where nothing was added.
   */
  sum(): Uint8Array<ArrayBuffer> {
    ensure(this.#weight > 0, 'argument', () => 'the sum is of nothing, but it needs one addend at least');
    return encodeCiphertext(this.#context, this.#groupId, { weight: this.#weight, rows: this.#rows });
  }
}
