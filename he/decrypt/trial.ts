// One sum, tried with set after set of joint shares, of which any may be wrong: on a few coefficients first, those
// that showed others wrong before all.

import type { ChunkVector } from '@murmuration/core';
import { decodeSum, isEncoded } from '../encoding.ts';
import { dataPrimes } from '../keys/dealing.ts';
import type { KeyGroup } from '../keys/group.ts';
import { inverse } from '../ring/primes.ts';
import type { Row } from '../ring/ring.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { doubledPhase, mostNoise } from './combine.ts';
import type { JointShare } from './joint_share.ts';

/** Most coefficients on which a set is tried before everything is decoded. */
const mostProbes = 64;
/** How many coefficients that showed a set wrong are remembered of it. */
const freshProbes = 8;

/** A set of t members as it is tried. */
export interface PickedSet {
  /** The places of the members' contributions among all. */
  readonly places: readonly number[];
  /** By prime and member of the set, the coefficients of interpolation at 0. */
  readonly factors: readonly (readonly bigint[])[];
}

/** What is tried. */
interface Tried {
  readonly group: Pick<KeyGroup, 'id'>;
  /** The ciphertext on the wire. */
  readonly sum: Uint8Array;
  /** Of each contribution the share of this sum. */
  readonly shares: readonly JointShare[];
}

/** A sum and all shares of it. */
export class Trial {
  readonly #context: RingContext;
  readonly #shares: readonly JointShare[];
  readonly #weight: number;
  readonly #phase: readonly [Row, Row];
  /** 1 / q0 modulo q1. */
  readonly #overQ0: bigint;
  /** The coefficients that are looked at first. */
  #probes: number[] = Array.from({ length: mostProbes / 2 }, (_, index) => index);

  constructor(context: RingContext, { group, sum, shares }: Tried) {
    const { weight, phase } = doubledPhase(context, group, sum);
    this.#context = context;
    this.#shares = shares;
    this.#weight = weight;
    this.#phase = phase;
    this.#overQ0 = inverse(context.params.primes[0], context.params.primes[1]);
  }

  /** Whether the coefficients that are looked at first are those of a sum. */
  isLikely({ places, factors }: PickedSet): boolean {
    const { primes, modulus, plainModulus } = this.#context.params;
    const [q0, q1] = primes;
    const rows = places.map((place) => this.#shares[place]!.rows);
    return this.#probes.every((index) => {
      const [low, high] = dataPrimes.map((prime) =>
        rows.reduce(
          (total, row, k) => total + factors[prime]![k]! * row[prime]![index]!,
          this.#phase[prime]![index]!,
        ),
      );
      const rest = low! % q0;
      const lift = ((((high! - rest) * this.#overQ0) % q1) + q1) % q1;
      // t times the coefficient is Q times the value, and the noise.
      const scaled = (rest + q0 * lift) * plainModulus;
      const value = (scaled + modulus / 2n) / modulus;
      const noise = Number(scaled - value * modulus) / Number(modulus);
      return this.#isRight(index, Number(value % plainModulus), noise);
    });
  }

  /**
   * What the set opens; undefined where that is no sum. Where it is none, the coefficients that show it are looked at
   * first from then on: shares that are wrong in few places would pass for likely, and all sets with them would be
   * opened in full.
   */
  open({ places, factors }: PickedSet): ChunkVector | undefined {
    const { ring, params } = this.#context;
    const phase: [Row, Row] = [...this.#phase];
    for (const [k, place] of places.entries())
      for (const prime of dataPrimes) {
        const row = this.#shares[place]!.rows[prime]!.slice();
        phase[prime] = ring.scaleAdd(row, factors[prime]![k]!, phase[prime], prime);
      }
    const { values, noise } = ring.decode(phase, params.plainModulus);
    const wrong = [...values.keys()].filter((index) => !this.#isRight(index, values[index]!, noise[index]!));
    if (wrong.length === 0) return decodeSum(params, values, this.#weight);
    const fresh = wrong.filter((index) => !this.#probes.includes(index)).slice(0, freshProbes);
    this.#probes = [...fresh, ...this.#probes].slice(0, mostProbes);
    return undefined;
  }

  /** Whether a coefficient can be a sum's. @param noise in units of Q / t. */
  #isRight(index: number, value: number, noise: number): boolean {
    return (
      Math.abs(noise) < mostNoise && isEncoded(this.#context.params, { index, weight: this.#weight }, value)
    );
  }
}
