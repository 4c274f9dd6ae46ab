// What a member has decrypted: no ciphertext may be opened to more than a few sets.
//
// Every further set shows the same c1 s under fresh flooding, and whoever averages m of them faces less of it, by a factor
// of sqrt(m). Eight sets are enough to find a bad share among them and cost at most three bits.

import { HeError } from '../errors.ts';
import { hex } from '../wire/message.ts';

export const maxSets = 8;

/** Entries: hash of c1, then the sets it was opened to, all in hex. Persist it next to the member key. */
export class DecryptionLog {
  readonly #sets: Map<string, Set<string>>;

  constructor(entries: Iterable<readonly [string, readonly string[]]> = []) {
    this.#sets = new Map(Array.from(entries, ([key, sets]) => [key, new Set(sets)]));
  }

  /** Records a decryption; the same set again is the same share and counts once. @throws HeError `limit`. */
  record(c1: Uint8Array, set: Uint8Array): void {
    const key = hex(c1);
    const sets = this.#sets.get(key) ?? new Set();
    const name = hex(set);
    if (!sets.has(name) && sets.size >= maxSets)
      throw new HeError(
        'limit',
        `set: this ciphertext has been opened to ${maxSets} sets already; more would wear its flooding away`,
      );
    this.#sets.set(key, sets.add(name));
  }

  /** Everything recorded, to be stored. */
  entries(): [string, string[]][] {
    return Array.from(this.#sets, ([key, sets]) => [key, [...sets]]);
  }
}
