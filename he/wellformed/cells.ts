// The two equations of an encryption proof, rounded: for a mask or a response z, with K_a(z) = floor((a z
// mod Q P) / P),
//
//   v1 = K_a(z) - sum_j X^(i_j) c1_j,      v0 = T (K_b(z) - sum_j X^(i_j) c0_j)      modulo Q
//
// of which only the cell is hashed in which each coefficient lies. A value v = k0 + q0 k1 is kept as (k0,
// k1), so that nothing here needs integers of more than 64 bits. The special prime enters by the rounding
// alone.

import { inverse } from '../ring/primes.ts';
import type { Row } from '../ring/ring.ts';
import { Rows } from '../ring/rows.ts';
import { keyPrimes, type PublicKey, type RingContext } from '../wire/ciphertext.ts';
import type { Exponents, RunningHash } from './challenge.ts';
import type { ProofShape } from './shape.ts';

/** Both halves of a ciphertext, c1's first: the order in which their cells are hashed. */
export const halves = [1, 0] as const;
export type Half = (typeof halves)[number];

/**
 * A ciphertext's rows scaled for the equations, thrice in a row with signs +, -, +: X^i times a row is a
 * part of it.
 */
export type ShiftTable = readonly Row[];

/** The values of one half, N of each; valid until the next evaluation. */
export interface Values {
  readonly k0: BigUint64Array;
  readonly k1: BigUint64Array;
  /** a z (or b z) mod P, which flooring drops. */
  readonly dropped: BigUint64Array;
}

/** One evaluation of both equations. */
interface Evaluation {
  /** z + 2^(maskBits - 1) - 1, N of them. */
  readonly words: Uint32Array;
  /** Gets the cells of c1's equation, then of c0's. */
  readonly hash: RunningHash;
  /** The ciphertexts and their exponents; without them the equations are those of a mask. */
  readonly claim?: { readonly tables: readonly ShiftTable[]; readonly exponents: Exponents };
  /** Is handed the exact values of each half. */
  readonly visit?: (half: Half, values: Values) => void;
}

/** Rows of the kernel's memory, by what is in them. */
const key = (half: Half, prime: number) => 3 * half + prime;
const evaluations = 6;
const work = 9;
const scratch = 12;
const rowCount = 13;

/** Evaluates the equations for one public key. Its memory is some forty rows, 1.4 MB at N = 4096. */
export class Cells {
  readonly #context: RingContext;
  readonly #rows: Rows;
  /** By half and data prime: 1 or T, over P; modulo q1 over q0, too, since k1 = (v - k0) / q0. */
  readonly #factors: readonly (readonly bigint[])[];
  /** 1 / q0 modulo q1. */
  readonly #overQ0: bigint;

  /** @param publicKey rows of b, then of a, over the three primes, in NTT form. */
  constructor(context: RingContext, publicKey: readonly Row[]) {
    const { params, ring } = context;
    const [q0, q1] = params.primes;
    this.#context = context;
    this.#rows = new Rows(ring, rowCount);
    this.#overQ0 = inverse(q0, q1);
    this.#factors = [params.encodingModulus, 1n].map((scale) => [
      (scale * inverse(params.specialPrime, q0)) % q0,
      (scale * inverse(params.specialPrime, q1) * this.#overQ0) % q1,
    ]);
    for (const half of halves)
      for (const prime of keyPrimes) {
        const q = ring.primes[prime]!;
        const factor = (inverse(BigInt(ring.n), q) * (this.#factors[half]![prime] ?? 1n)) % q;
        const row = publicKey[3 * half + prime]!.slice();
        this.#rows.write(key(half, prime), ring.scaleAdd(row, factor, ring.zero(), prime));
      }
  }

  /** @param rows c0 mod q0, c0 mod q1, c1 mod q0, c1 mod q1. */
  shiftTable(rows: readonly Row[]): ShiftTable {
    const { params, ring } = this.#context;
    return rows.map((row, at) => {
      const [half, prime] = [at < 2 ? 0 : 1, at % 2] as const;
      const q = ring.primes[prime]!;
      const factor = (this.#factors[half]![prime]! * params.specialPrime) % q;
      const scaled = ring.scaleAdd(row.slice(), factor, ring.zero(), prime);
      const table = new BigUint64Array(3 * ring.n);
      table.set(scaled);
      table.set(ring.subtract(ring.zero(), scaled, prime), ring.n);
      table.set(scaled, 2 * ring.n);
      return table;
    });
  }

  /** Hashes the cells of one mask or response. */
  hash({ maskBits, cellBits, upperBits }: ProofShape, { words, hash, claim, visit }: Evaluation): void {
    const rows = this.#rows;
    const { ring } = this.#context;
    const n = ring.n;
    this.#load(words, maskBits);
    for (const prime of keyPrimes) rows.forward(evaluations + prime, prime);
    for (const half of halves) {
      for (const prime of keyPrimes) {
        rows.copy(work + prime, evaluations + prime);
        rows.multiply(work + prime, key(half, prime), prime);
        rows.inverseTimesN(work + prime, prime);
      }
      // work now has, but for the scale, a z / P mod q0, a z / (P q0) mod q1 and what flooring drops, a z
      // mod P.
      for (const prime of [0, 1] as const) {
        const q = ring.primes[prime]!;
        rows.copy(scratch, work + 2);
        rows.scaleAdd(scratch, q - this.#factors[half]![prime]!, work + prime, prime);
        rows.copy(work + prime, scratch);
        for (const [j, table] of (claim?.tables ?? []).entries()) {
          const i = claim!.exponents[j]!;
          rows.write(scratch, table[2 * half + prime]!.subarray(2 * n - i, 3 * n - i));
          rows.subtract(work + prime, scratch, prime);
        }
      }
      const q1 = ring.primes[1]!;
      rows.copy(scratch, work);
      rows.scaleAdd(scratch, q1 - this.#overQ0, work + 1, 1);
      rows.copy(work + 1, scratch);
      if (half === 1) {
        hash.update(this.#high(work, cellBits));
        hash.update(rows.bytes.subarray(rows.at(work + 1), rows.at(work + 2)));
      } else hash.update(this.#high(work + 1, upperBits));
      const row = (at: number) => rows.words.subarray(at * n, (at + 1) * n);
      visit?.(half, { k0: row(work), k1: row(work + 1), dropped: row(work + 2) });
    }
  }

  /** Puts z, as residues modulo each prime, where its evaluations shall be. */
  #load(words: Uint32Array, maskBits: number): void {
    const rows = this.#rows;
    const n = words.length;
    const offset = 2 ** (maskBits - 1) - 1;
    const [q0, q1, special] = this.#context.ring.primes as [bigint, bigint, bigint];
    const p = Number(special);
    const lift = p * Math.ceil(offset / p) - offset;
    const [first, dropped] = [2 * evaluations * n, 2 * (evaluations + 2) * n];
    for (let j = 0; j < n; j++) {
      rows.halves[first + 2 * j] = words[j]!;
      rows.halves[first + 2 * j + 1] = 0;
      rows.halves[dropped + 2 * j] = (words[j]! + lift) % p;
      rows.halves[dropped + 2 * j + 1] = 0;
    }
    rows.copy(evaluations + 1, evaluations);
    for (const [prime, q] of [q0, q1].entries()) {
      rows.words.fill(q - BigInt(offset), scratch * n, (scratch + 1) * n);
      rows.add(evaluations + prime, scratch, prime);
    }
  }

  /** The words of a row without their lowest bits, as 32-bit integers. */
  #high(row: number, bits: number): Uint8Array {
    const { halves: words, n } = this.#rows;
    const high = new Uint32Array(n);
    const first = 2 * row * n;
    for (let j = 0; j < n; j++)
      high[j] = (words[first + 2 * j]! >>> bits) | (words[first + 2 * j + 1]! << (32 - bits));
    return new Uint8Array(high.buffer);
  }
}

const prepared = new WeakMap<PublicKey['publicKey'], Cells>();

/** The equations of a group's public key, prepared once. */
export function cellsOf(context: RingContext, { publicKey }: Pick<PublicKey, 'publicKey'>): Cells {
  let cells = prepared.get(publicKey);
  if (!cells) {
    cells = new Cells(context, publicKey);
    prepared.set(publicKey, cells);
  }
  return cells;
}
