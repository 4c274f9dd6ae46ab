// Rows of residues that stay in the kernel's memory. `Ring` copies rows in and out for each operation,
// which is simple and leaves nothing to free; who does tens of transforms in a row, as encryption proofs
// do, works here.

import type { Exports } from '@murmuration/core/wasm';
import { openKernel, type PrimeTables } from './kernel_memory.ts';
import type { Ring } from './ring.ts';

/**
 * A memory of `count` rows of N 64-bit words, and the kernel's operations on them in place. A row is named
 * by its number; an operation modulo a prime takes the prime's place in `primes`. Residues are in [0, q)
 * before and after every operation.
 */
export class Rows {
  readonly n: number;
  readonly primes: readonly bigint[];
  /** All rows, as 64-bit words, as halves of them (low half first), and as bytes. */
  readonly words: BigUint64Array;
  readonly halves: Uint32Array;
  readonly bytes: Uint8Array;
  readonly #kernel: Exports;
  readonly #tables: readonly PrimeTables[];

  /** By the kernel of a ring, over its primes. */
  constructor({ n, primes, kernel: name }: Pick<Ring, 'n' | 'primes' | 'kernel'>, count: number) {
    this.n = n;
    this.primes = primes;
    const { kernel, words, bytes, tables } = openKernel(name, { n, primes, count });
    this.#kernel = kernel;
    this.words = words;
    this.halves = new Uint32Array(bytes.buffer);
    this.bytes = bytes;
    this.#tables = tables;
  }

  /** Address of a row. */
  at(row: number): number {
    return row * this.n * 8;
  }

  /** Puts words into a row. */
  write(row: number, words: ArrayLike<bigint>): void {
    this.words.set(words, row * this.n);
  }

  copy(dst: number, src: number): void {
    this.words.copyWithin(dst * this.n, src * this.n, (src + 1) * this.n);
  }

  /** Coefficients to evaluations. */
  forward(row: number, prime: number): void {
    const { q, roots } = this.#tables[prime]!;
    this.#kernel.ntt!(this.at(row), roots, this.n, q);
  }

  /**
   * Evaluations to N times the coefficients: the factor is left to constants that the caller multiplies by
   * anyway.
   */
  inverseTimesN(row: number, prime: number): void {
    const { q, inverseRoots } = this.#tables[prime]!;
    this.#kernel.intt!(this.at(row), inverseRoots, this.n, q);
  }

  /** dst = dst * src, entry by entry. */
  multiply(dst: number, src: number, prime: number): void {
    const { q, oneOverQ } = this.#tables[prime]!;
    this.#kernel.mul!(this.at(dst), this.at(src), this.n, q, oneOverQ);
  }

  /** dst = dst * factor + src; 0 <= factor < q. */
  scaleAdd(dst: number, factor: bigint, src: number, prime: number): void {
    const { q } = this.#tables[prime]!;
    this.#kernel.scaleAdd!(this.at(dst), this.at(src), this.n, q, factor, Number(factor) / Number(q));
  }

  /** dst = dst + src. */
  add(dst: number, src: number, prime: number): void {
    this.#kernel.add!(this.at(dst), this.at(src), this.n, this.#tables[prime]!.q, 0);
  }

  /** dst = dst - src. */
  subtract(dst: number, src: number, prime: number): void {
    this.#kernel.add!(this.at(dst), this.at(src), this.n, this.#tables[prime]!.q, 1);
  }
}
