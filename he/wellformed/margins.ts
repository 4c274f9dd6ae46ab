// Whether the responses' values lie so far inside their cells that no witness could have moved them there
// from another cell. This is a condition on values that everybody can compute from the proof, so an attempt
// that fails it tells nothing about the witness; the prover, who knows how far each value moved, computes
// it from the masks' values.

import type { Parameters } from '../parameters.ts';
import type { Half, Values } from './cells.ts';
import type { Exponents } from './challenge.ts';
import type { Witness } from './encrypt.ts';
import { shifted } from './monomial.ts';
import type { ProofShape } from './shape.ts';

/** A coefficient of a mask's value that may have moved across a cell's border. */
interface Near {
  readonly half: Half;
  readonly at: number;
  readonly k0: bigint;
  readonly k1: bigint;
  readonly dropped: number;
}

/** The margins of one repetition. */
export class Margins {
  readonly #params: Parameters;
  readonly #shape: ProofShape;
  readonly #near: Near[] = [];

  constructor(params: Parameters, shape: ProofShape) {
    this.#params = params;
    this.#shape = shape;
  }

  /**
   * Notes the coefficients of a mask's values that are within two shifts of a border. All others stay
   * inside by at least one.
   */
  note(half: Half, { k0, k1, dropped }: Values): void {
    const [q0, q1] = this.#params.primes;
    const { cellBits, upperBits, shift1, shift0 } = this.#shape;
    if (half === 1) {
      const words = new Uint32Array(k0.buffer, k0.byteOffset, 2 * k0.length);
      const [low, span] = [2 * shift1, 2 ** cellBits - 4 * shift1];
      const mask = 2 ** cellBits - 1;
      const last = q0 - BigInt(2 * shift1);
      const lastHigh = Number(last >> 32n);
      for (let j = 0; j < k0.length; j++) {
        const inCell = (words[2 * j]! & mask) - low;
        if (inCell >= 0 && inCell < span && words[2 * j + 1]! < lastHigh) continue;
        if (inCell >= 0 && inCell < span && k0[j]! < last) continue;
        this.#near.push({ half, at: j, k0: k0[j]!, k1: k1[j]!, dropped: Number(dropped[j]!) });
      }
      return;
    }
    // A value is near a border only where k1 is at one: the shift is below a quarter of q0.
    const words = new Uint32Array(k1.buffer, k1.byteOffset, 2 * k1.length);
    const mask = 2 ** upperBits - 1;
    const top = [Number((q1 - 1n) & 0xffffffffn), Number((q1 - 1n) >> 32n)];
    for (let j = 0; j < k1.length; j++) {
      const low = words[2 * j]! & mask;
      const first = low === 0;
      const last = low === mask || (words[2 * j] === top[0] && words[2 * j + 1] === top[1]);
      if (!first && !last) continue;
      if ((first && k0[j]! < 2n * shift0) || (last && k0[j]! >= q0 - 2n * shift0))
        this.#near.push({ half, at: j, k0: k0[j]!, k1: k1[j]!, dropped: Number(dropped[j]!) });
    }
  }

  /** Whether the responses to these exponents leave every value at least one shift inside its cell. */
  hold(witnesses: readonly Witness[], exponents: Exponents): boolean {
    return this.#near.every((near) => this.#inside(near.half, this.#moved(near, witnesses, exponents)));
  }

  /**
   * The response's value, v + floor((dropped - sum X^i d) / P), for c0 times T and with the rest of
   * rounding.
   */
  #moved({ half, at, k0, k1, dropped }: Near, witnesses: readonly Witness[], exponents: Exponents): bigint {
    const { primes, modulus, specialPrime, encodingModulus } = this.#params;
    const sum = (part: (witness: Witness) => Int32Array) =>
      witnesses.reduce((total, witness, j) => total + shifted(part(witness), exponents[j]!, at), 0);
    const residual = sum(({ residuals }) => residuals[half]);
    const step = BigInt(Math.floor((dropped - residual) / Number(specialPrime)));
    const shift = half === 1 ? step : encodingModulus * step + BigInt(sum(({ rounding }) => rounding));
    const value = (k0 + primes[0] * k1 + shift) % modulus;
    return value < 0n ? value + modulus : value;
  }

  #inside(half: Half, value: bigint): boolean {
    const { primes, modulus } = this.#params;
    const { cellBits, upperBits, shift1, shift0 } = this.#shape;
    const between = (x: bigint, margin: bigint, size: bigint) => x >= margin && x <= size - 1n - margin;
    if (half === 1) {
      const [k0, margin, cell] = [value % primes[0], BigInt(shift1), 1n << BigInt(cellBits)];
      return between(k0 % cell, margin, cell) && between(k0, margin, primes[0]);
    }
    const cell = primes[0] << BigInt(upperBits);
    return between(value % cell, shift0, cell) && between(value, shift0, modulus);
  }
}
