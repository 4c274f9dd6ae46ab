// Rows of residues that stay in the kernel's memory. `Ring` copies rows in and out for each operation,
// which is simple and leaves nothing to free; who does tens of transforms in a row, as encryption proofs
// do, works here.

import { assemble, type Exports, instantiate } from '@murmuration/core/wasm';
import { kernelFunctions } from '../wasm/kernel.ts';
import { inverse, leastRoot } from './primes.ts';

/** Tables of one prime, at addresses of the kernel's memory. */
interface PrimeTables {
  readonly q: bigint;
  readonly oneOverQ: number;
  readonly roots: number;
  readonly inverseRoots: number;
}

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

  /** @param n degree, a power of two from 8 to 32768. @param primes each = 1 mod 2n and below 2^50. */
  constructor(n: number, primes: readonly bigint[], count: number) {
    this.n = n;
    this.primes = primes;
    const pages = Math.ceil((8 * n * (count + 4 * primes.length)) / 65536);
    const { exports, buffer } = instantiate(assemble(kernelFunctions, pages), pages);
    this.#kernel = exports;
    this.words = new BigUint64Array(buffer);
    this.halves = new Uint32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    const floats = new Float64Array(buffer);
    this.#tables = primes.map((q, index) => {
      const roots = this.at(count + 4 * index);
      const inverseRoots = this.at(count + 4 * index + 2);
      const root = leastRoot(q, n);
      this.#fillRoots(floats, roots, root, q);
      this.#fillRoots(floats, inverseRoots, inverse(root, q), q);
      return { q, oneOverQ: 1 / Number(q), roots, inverseRoots };
    });
  }

  /** Powers of `root` in bit-reversed order, then each divided by q as a float64. */
  #fillRoots(floats: Float64Array, at: number, root: bigint, q: bigint): void {
    const logN = Math.log2(this.n);
    let current = 1n;
    for (let i = 0; i < this.n; i++) {
      let reversed = 0;
      for (let bit = 0; bit < logN; bit++) reversed = (reversed << 1) | ((i >> bit) & 1);
      this.words[at / 8 + reversed] = current;
      floats[at / 8 + this.n + reversed] = Number(current) / Number(q);
      current = (current * root) % q;
    }
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

  /** Words below 2^63, each less `offset`, to residues. */
  reduceFrom(row: number, offset: bigint, prime: number): void {
    this.#kernel.reduce!(this.at(row), this.n, this.#tables[prime]!.q, offset);
  }

  /** The words of `src`, below 2^bits, packed into the first bytes of `dst`. @param bits at most 50. */
  pack(dst: number, src: number, bits: number): Uint8Array<ArrayBuffer> {
    this.#kernel.pack!(this.at(dst), this.at(src), this.n, BigInt(bits));
    return this.bytes.slice(this.at(dst), this.at(dst) + (this.n * bits) / 8) as Uint8Array<ArrayBuffer>;
  }

  /** The inverse of `pack`: `scratch` takes the bytes. */
  unpack(dst: number, scratch: number, bytes: Uint8Array, bits: number): void {
    this.bytes.set(bytes, this.at(scratch));
    this.#kernel.unpack!(this.at(dst), this.at(scratch), this.n, BigInt(bits));
  }
}
