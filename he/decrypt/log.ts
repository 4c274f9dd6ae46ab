// What a member has decrypted: no ciphertext may be opened to more than a few sets.
//
// Every further set shows the same c1 s under fresh flooding, and an observer who averages m of them faces
// less of it, by a factor of sqrt(m). Eight sets a member are enough to find a bad share among them; leak.ts
// counts what all honest members' eight sets together cost.

import { ensure } from '../errors.ts';
import { hex } from '../wire/message.ts';

/** Sets to which one ciphertext may be opened. */
export const maxSets = 8;

/**
 * A member's record of the sets that it has decrypted each ciphertext for. Persist it next to the member key.
 */
export class DecryptionLog {
  readonly #sets: Map<string, Set<string>>;

  /**
   * @param entries what {@link entries} of an earlier log gave: SHA-256 of c1, then the sets it was opened
   *   to, in hex.
   */
  constructor(entries: Iterable<readonly [string, readonly string[]]> = []) {
    this.#sets = new Map(Array.from(entries, ([key, sets]) => [key, new Set(sets)]));
  }

  /**
   * Records a decryption; the same set again is the same share and counts once. `decryptionShare` calls this.
   * @param c1Digest SHA-256 of c1, packed.
   * @param set eight bytes, bit i for member i.
   * @throws HeError `limit` where the ciphertext has been opened to {@link maxSets} other sets.
   */
  record(c1Digest: Uint8Array, set: Uint8Array): void {
    const key = hex(c1Digest);
    const sets = this.#sets.get(key) ?? new Set();
    const name = hex(set);
    ensure(
      sets.has(name) || sets.size < maxSets,
      'limit',
      () =>
        `the ciphertext has been opened to ${sets.size} sets, but ${maxSets} are the most: ` +
        'more would wear its flooding away',
    );
    this.#sets.set(key, sets.add(name));
  }

  /** Everything recorded, to be stored. */
  entries(): [string, string[]][] {
    return Array.from(this.#sets, ([key, sets]) => [key, [...sets]]);
  }
}
