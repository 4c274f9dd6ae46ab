// Random choices that follow from a text: the same seed, target and number give the same input on every machine.
import { createHash } from 'node:crypto';

/** Choices for one input. */
export class Random {
  readonly #seed: string;
  #block = 0;
  #words = new Uint32Array();
  #at = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** An integer in [0, 2^32). */
  word(): number {
    if (this.#at === this.#words.length) {
      const bytes = createHash('sha512')
        .update(`${this.#seed}/${this.#block++}`)
        .digest();
      this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset, 16).slice();
      this.#at = 0;
    }
    return this.#words[this.#at++]!;
  }

  /** An integer in [0, limit), of a limit of at least 1. */
  below(limit: number): number {
    return Math.floor((this.word() / 2 ** 32) * limit);
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.word() & 255);
  }
}
