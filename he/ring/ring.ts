// The ring Z_q[X] / (X^N + 1), one prime at a time, on the WebAssembly kernel.
//
// A row is a BigUint64Array of N residues modulo one prime; a polynomial in RNS form is one row a prime.
// Rows live in JavaScript; each operation copies them into fixed slots of the kernel's memory and back
// (3 microseconds a copy against 30 for a transform), so there is nothing to free and nothing can leak.

import type { Exports } from '@murmuration/core/wasm';
import { HeError } from '../errors.ts';
import type { ByteStream } from '../sampling/stream.ts';
import type { KernelName } from '../wasm/kernel.ts';
import { chosenKernel } from './kernel_choice.ts';
import { openKernel, type PrimeTables } from './kernel_memory.ts';
import { inverse, power } from './primes.ts';

/** N residues modulo one prime. */
export type Row = BigUint64Array<ArrayBuffer>;

interface RingTables extends PrimeTables {
  readonly bits: number;
  readonly oneOverN: bigint;
}

const slots = 4;

/**
 * Polynomials modulo X^N + 1, one row of residues a prime. Operations that name a destination change and
 * return it.
 */
export class Ring {
  readonly n: number;
  readonly primes: readonly bigint[];
  readonly kernel: KernelName;
  readonly #kernel: Exports;
  readonly #words: BigUint64Array;
  readonly #bytes: Uint8Array;
  readonly #slot: readonly number[];
  readonly #tables: readonly RingTables[];

  /**
   * @param n degree, a power of two from 8 to 32768.
   * @param primes each = 1 mod 2n and below 2^50.
   * @param name of the kernel; the fastest that is right here unless given.
   */
  constructor(n: number, primes: readonly bigint[], name: KernelName = chosenKernel()) {
    this.n = n;
    this.primes = primes;
    this.kernel = name;
    const { kernel, words, bytes, tables } = openKernel(name, { n, primes, count: slots });
    this.#kernel = kernel;
    this.#words = words;
    this.#bytes = bytes;
    this.#slot = Array.from({ length: slots }, (_, index) => index * n * 8);
    this.#tables = tables.map((table) => ({
      ...table,
      bits: table.q.toString(2).length,
      oneOverN: inverse(BigInt(n), table.q),
    }));
  }

  #load(slot: number, row: Row): number {
    this.#words.set(row, this.#slot[slot]! / 8);
    return this.#slot[slot]!;
  }

  #store(slot: number, row: Row): Row {
    const at = this.#slot[slot]! / 8;
    row.set(this.#words.subarray(at, at + row.length));
    return row;
  }

  /** A row of zeros. */
  zero(): Row {
    return new BigUint64Array(this.n);
  }

  /** Coefficients to evaluations, in place; SEAL's order. */
  forward(row: Row, prime: number): Row {
    const { q, roots } = this.#tables[prime]!;
    this.#kernel.ntt!(this.#load(0, row), roots, this.n, q);
    return this.#store(0, row);
  }

  /** Evaluations to coefficients, in place. */
  inverse(row: Row, prime: number): Row {
    const { q, inverseRoots, oneOverN } = this.#tables[prime]!;
    this.#kernel.intt!(this.#load(0, row), inverseRoots, this.n, q);
    this.#store(0, row);
    return this.scaleAdd(row, oneOverN, this.zero(), prime);
  }

  /** dst = dst * src, entry by entry. */
  multiply(dst: Row, src: Row, prime: number): Row {
    const { q, oneOverQ } = this.#tables[prime]!;
    this.#kernel.mul!(this.#load(0, dst), this.#load(1, src), dst.length, q, oneOverQ);
    return this.#store(0, dst);
  }

  /** dst = dst * factor + src; 0 <= factor < q. */
  scaleAdd(dst: Row, factor: bigint, src: Row, prime: number): Row {
    const { q } = this.#tables[prime]!;
    const over = Number(factor) / Number(q);
    this.#kernel.scaleAdd!(this.#load(0, dst), this.#load(1, src), dst.length, q, factor, over);
    return this.#store(0, dst);
  }

  /** dst = dst + src. */
  add(dst: Row, src: Row, prime: number): Row {
    this.#kernel.add!(this.#load(0, dst), this.#load(1, src), dst.length, this.#tables[prime]!.q, 0);
    return this.#store(0, dst);
  }

  /** dst = dst + src, of words, not of residues: their sums stay below 2^63. */
  addWords(dst: Row, src: Row): Row {
    this.#kernel.add!(this.#load(0, dst), this.#load(1, src), dst.length, (1n << 63n) - 1n, 0);
    return this.#store(0, dst);
  }

  /** dst = dst - src. */
  subtract(dst: Row, src: Row, prime: number): Row {
    this.#kernel.add!(this.#load(0, dst), this.#load(1, src), dst.length, this.#tables[prime]!.q, 1);
    return this.#store(0, dst);
  }

  /** Small signed integers, |value| < 2^31, as residues. */
  fromSigned(values: Int32Array, prime: number): Row {
    const row = new BigUint64Array(values.length);
    const halves = new Int32Array(row.buffer);
    for (let j = 0; j < values.length; j++) {
      halves[2 * j] = values[j]!;
      halves[2 * j + 1] = values[j]! >> 31;
    }
    this.#kernel.reduce!(this.#load(0, row), row.length, this.#tables[prime]!.q, 0n);
    return this.#store(0, row);
  }

  /** Words below 2^63, each less `offset` < 2^62, as residues. */
  reduceFrom(words: Row, offset: bigint, prime: number): Row {
    this.#kernel.reduce!(this.#load(0, words), words.length, this.#tables[prime]!.q, offset);
    return this.#store(0, words.slice());
  }

  /**
   * A row of independent uniform integers in [0, bound), 0 < bound <= 2^63: rejection of masked 64-bit words.
   */
  uniform(stream: ByteStream, bound: bigint): Row {
    const row = this.zero();
    const mask = (1n << BigInt((bound - 1n).toString(2).length)) - 1n;
    const [first, end] = [this.#slot[0]!, this.#slot[0]! + this.n * 8];
    for (let at = first; at < end; ) {
      // Words are taken in order, and what one chunk is short of the next one supplies: the
      // row depends on the stream alone. A chunk is at most one row long, the size of a slot.
      const words = Math.min(this.n, ((end - at) / 8) * 2);
      this.#bytes.set(stream(words * 8), this.#slot[1]!);
      at = this.#kernel.accept!(at, end, this.#slot[1]!, words, mask, bound);
    }
    return this.#store(0, row);
  }

  /** A row of uniform residues modulo one of the primes. */
  uniformRow(stream: ByteStream, prime: number): Row {
    return this.uniform(stream, this.#tables[prime]!.q);
  }

  /** How many bytes `pack` makes of `count` residues (a multiple of 8). */
  packedBytes(count: number, prime: number): number {
    return (count * this.#tables[prime]!.bits) / 8;
  }

  /** Words below 2^bits, bits <= 50, a multiple of 8 of them, at `bits` each, least significant bit first. */
  packWords(row: Row, bits: number): Uint8Array<ArrayBuffer> {
    const at = this.#slot[1]!;
    this.#kernel.pack!(at, this.#load(0, row), row.length, BigInt(bits));
    return this.#bytes.slice(at, at + (row.length * bits) / 8) as Uint8Array<ArrayBuffer>;
  }

  /** The inverse of `packWords`. */
  unpackWords(bytes: Uint8Array, count: number, bits: number): Row {
    this.#bytes.set(bytes, this.#slot[1]!);
    this.#kernel.unpack!(this.#slot[0]!, this.#slot[1]!, count, BigInt(bits));
    return this.#store(0, new BigUint64Array(count));
  }

  /** Residues, a multiple of 8 of them, at the prime's bit length each, least significant bit first. */
  pack(row: Row, prime: number): Uint8Array<ArrayBuffer> {
    return this.packWords(row, this.#tables[prime]!.bits);
  }

  /** The inverse of `pack`. @throws HeError `wire` for a residue that is not below its prime. */
  unpack(bytes: Uint8Array, count: number, prime: number): Row {
    const { q, bits } = this.#tables[prime]!;
    this.#bytes.set(bytes, this.#slot[1]!);
    this.#kernel.unpack!(this.#slot[0]!, this.#slot[1]!, count, BigInt(bits));
    const bad = this.#kernel.countFrom!(this.#slot[0]!, count, q);
    if (bad > 0)
      throw new HeError(
        'wire',
        `${bad} of ${count} residues are not below the prime ${q}, but a canonical encoding's are`,
      );
    return this.#store(0, new BigUint64Array(count));
  }

  /**
   * BFV decoding modulo the first two primes: for each coefficient x, `values` is round(t x / Q) mod t in [0,
   * t) and `noise` the signed distance from it in [-1/2, 1/2], in units of Q / t (absolute error 2^-44).
   */
  decode(rows: readonly [Row, Row], t: bigint): { values: Uint32Array; noise: Float64Array } {
    const [q0, q1] = [this.primes[0]!, this.primes[1]!];
    const k = this.scaleAdd(this.subtract(rows[1].slice(), rows[0], 1), inverse(q0, q1), this.zero(), 1);
    const tOverQ = Number(t) / Number(q0) / Number(q1);
    const [low, high] = [this.#load(0, rows[0]), this.#load(1, k)];
    this.#kernel.decode!(low, high, k.length, q1, 1 / Number(q1), t, tOverQ);
    const raw = this.#store(0, new BigUint64Array(k.length));
    const noise = new Float64Array(this.#store(1, k).buffer);
    return { values: Uint32Array.from(raw, (value) => Number(value % t)), noise };
  }
}

/** The Lagrange coefficient at 0 of the point `own` among distinct `points`, modulo the prime `q`. */
export function lagrangeAtZero(own: number, points: readonly number[], q: bigint): bigint {
  let [numerator, denominator] = [1n, 1n];
  for (const point of points) {
    if (point === own) continue;
    numerator = (numerator * BigInt(point)) % q;
    denominator = (denominator * (((BigInt(point - own) % q) + q) % q)) % q;
  }
  return (numerator * power(denominator, q - 2n, q)) % q;
}
