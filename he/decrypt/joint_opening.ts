// Opening sums with joint shares, of which any may be wrong.
//
// Right shares are points of one polynomial of degree t - 1, so every t of them open the sums. With t right ones among m, one of the C(m, t) sets opens. A set is tried on a few
// coefficients first, those that showed others wrong before all, so that the 11,440 sets of 16 members take a
// few seconds. This is decoding of a Reed-Solomon code by trial, beyond half its distance:
// what tells the right word from others is that noise is small, and that the commitments fit.

import type { ChunkVector } from '@murmuration/core';
import { HeError } from '../errors.ts';
import { dataPrimes } from '../keys/dealing.ts';
import type { KeyGroup } from '../keys/group.ts';
import { digest } from '../keys/party.ts';
import { inverse } from '../ring/primes.ts';
import type { Row } from '../ring/ring.ts';
import { publicStream } from '../sampling/stream.ts';
import { subsets } from '../sharing.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, equalBytes } from '../wire/message.ts';
import { decodePhase, doubledPhase, mostNoise } from './combine.ts';
import { decodeJointShare, type JointShare } from './joint_share.ts';
import { type PointTable, pointTable } from './points.ts';

/** Most coefficients on which a set is tried before everything is decoded. */
const mostProbes = 64;

/** What one member gives. */
export interface JointContribution {
  /** Its position in the key group. */
  readonly member: number;
  /** Its joint shares, one for each sum. */
  readonly shares: readonly Uint8Array[];
}

/** Sums with joint shares for them. */
export interface JointSums {
  /** The group under whose key the sums are. */
  readonly group: KeyGroup;
  /** Ciphertexts on the wire. */
  readonly sums: readonly Uint8Array[];
  /** Of each member at most one, the most trusted first: sets of these are tried first. */
  readonly contributions: readonly JointContribution[];
}

/** Sums as one set of t members opens them. */
export interface JointOpening {
  /** The t members, in the order of the contributions. */
  readonly set: readonly number[];
  /** One for each sum. */
  readonly vectors: ChunkVector[];
}

/**
 * The openings of the sums, by one set of t members after the other: at most C(m, t), each of a set whose
 * shares fit together. Where every share is right, the first one is the sum, and so are all.
 *
 * Shares that are off by multiples of Q / t make other openings, which only the commitments tell: compare
 * each with them, and take the first that fits.
 */
export function* jointOpenings(context: RingContext, joint: JointSums): Generator<JointOpening> {
  const { group, sums } = joint;
  const { threshold } = group;
  const given = fitting(context, joint);
  if (given.length < threshold) return;
  const tables = tablesOf(context, group);
  const trials = sums.map((sum, at) => new Trial(context, { group, sum, at }));
  for (const picked of subsets(given.length, threshold)) {
    const from = picked.map((at) => given[at]!);
    const set = from.map(({ member }) => member);
    const factors = tables.map((table) => table.lagrange(set, 0));
    const vectors: ChunkVector[] = [];
    for (const trial of trials) {
      const vector = trial.open({ from, set, factors });
      if (!vector) break;
      vectors.push(vector);
    }
    if (vectors.length === sums.length) yield { set, vectors };
  }
}

/**
 * The members whose shares are not on the polynomials through those of `set`. Where `set` opened the sums,
 * either they are wrong or somebody of `set` is, whose error cancels at 0: a suspicion by which the next sums'
 * shares are put in order, and no evidence.
 */
export function strayMembers(context: RingContext, joint: JointSums, set: readonly number[]): number[] {
  const { ring } = context;
  const given = fitting(context, joint);
  const tables = tablesOf(context, joint.group);
  const rowsOf = ({ shares }: Fitting, at: number) => decodeJointShare(context, shares[at]!).rows;
  const stray = new Set(joint.contributions.map(({ member }) => member));
  for (const { member } of given) stray.delete(member);
  const others = given.filter(({ member }) => !set.includes(member));
  for (const [at] of joint.sums.entries()) {
    const base = set.map((index) => rowsOf(given.find(({ member }) => member === index)!, at));
    for (const other of others) {
      const rows = rowsOf(other, at);
      for (const prime of dataPrimes) {
        const predicted = ring.zero();
        for (const [k, factor] of tables[prime]!.lagrange(set, other.member + 1).entries())
          ring.add(predicted, ring.scaleAdd(base[k]![prime]!.slice(), factor, ring.zero(), prime), prime);
        if (predicted.some((value, i) => value !== rows[prime]![i])) stray.add(other.member);
      }
    }
  }
  return [...stray].sort((a, b) => a - b);
}

/**
 * Whether t + 1 of the contributions lie on one polynomial. Where they do, and no set opens the sums, it is
 * the ciphertexts that are wrong, or two members at least have agreed on wrong shares: one alone cannot make
 * t + 1 shares fit, since t right ones would have opened the sums.
 */
export function jointSharesAgree(context: RingContext, joint: JointSums): boolean {
  const { ring } = context;
  const given = fitting(context, joint);
  // Everything is hashed before the factors are known, so nobody can make its shares fit in their sum alone.
  const stream = publicStream(digest(concat(...given.flatMap(({ shares }) => shares.map(digest)))));
  const values = given.map(() => 0n);
  for (const [at] of joint.sums.entries()) {
    const factors = ring.uniformRow(stream, 0);
    for (const [i, { shares }] of given.entries()) {
      const row = ring.multiply(decodeJointShare(context, shares[at]!).rows[0]!, factors, 0);
      values[i] = row.reduce((sum, value) => sum + value, values[i]!);
    }
  }
  const [table] = tablesOf(context, joint.group);
  for (const picked of subsets(given.length, joint.group.threshold + 1)) {
    const factors = table!.parity(picked.map((at) => given[at]!.member));
    if (picked.reduce((sum, at, k) => sum + factors[k]! * values[at]!, 0n) % ring.primes[0]! === 0n)
      return true;
  }
  return false;
}

/** A contribution whose shares are for these sums. */
interface Fitting extends JointContribution {
  /** Its share of the first sum, read: most sets fail there, and it is needed again and again. */
  readonly first: JointShare;
}

/** The contributions that are shares of their members for these sums; others are no better than none. */
function fitting(context: RingContext, { group, sums, contributions }: JointSums): Fitting[] {
  const digests = sums.map(digest);
  return contributions.flatMap(({ member, shares }) => {
    try {
      const read = shares.map((bytes) => decodeJointShare(context, bytes));
      const fit =
        member < group.members.length &&
        read.length === sums.length &&
        read.every(
          ({ groupId, ciphertext, index }, at) =>
            index === member && equalBytes(groupId, group.id) && equalBytes(ciphertext, digests[at]!),
        );
      return fit ? [{ member, shares, first: read[0]! }] : [];
    } catch (error) {
      if (error instanceof HeError) return [];
      throw error;
    }
  });
}

const tablesOf = ({ params }: RingContext, { members }: KeyGroup): PointTable[] =>
  dataPrimes.map((prime) => pointTable(params.primes[prime]!, members.length));

/** A set of t contributions, with the coefficients of interpolation at 0 by prime and member. */
interface Picked {
  readonly from: readonly Fitting[];
  readonly set: readonly number[];
  readonly factors: readonly (readonly bigint[])[];
}

/** Which of the sums is tried. */
interface Tried {
  readonly group: KeyGroup;
  readonly sum: Uint8Array;
  /** Its place among the sums. */
  readonly at: number;
}

/** One sum, tried with set after set. */
class Trial {
  readonly #context: RingContext;
  readonly #at: number;
  readonly #weight: number;
  readonly #phase: readonly [Row, Row];
  /** 1 / q0 modulo q1. */
  readonly #overQ0: bigint;
  /** The coefficients that are looked at first. */
  #probes: number[] = Array.from({ length: mostProbes / 2 }, (_, index) => index);

  constructor(context: RingContext, { group, sum, at }: Tried) {
    const { weight, phase } = doubledPhase(context, group, sum);
    this.#context = context;
    this.#at = at;
    this.#weight = weight;
    this.#phase = phase;
    this.#overQ0 = inverse(context.params.primes[0], context.params.primes[1]);
  }

  /** What the set opens; undefined where that is noise, or no encoding. */
  open({ from, set, factors }: Picked): ChunkVector | undefined {
    const { ring } = this.#context;
    const shares = from.map(({ first, shares }) =>
      this.#at === 0 ? first : decodeJointShare(this.#context, shares[this.#at]!),
    );
    if (!this.#probe(shares, factors)) return undefined;
    const phase = [this.#phase[0].slice(), this.#phase[1].slice()] as const;
    for (const [k, { rows }] of shares.entries())
      for (const prime of dataPrimes) {
        const part = ring.scaleAdd(rows[prime]!.slice(), factors[prime]![k]!, ring.zero(), prime);
        ring.add(phase[prime], part, prime);
      }
    try {
      return decodePhase(this.#context, phase, { weight: this.#weight, set });
    } catch (error) {
      if (!(error instanceof HeError)) throw error;
      this.#learn(phase);
      return undefined;
    }
  }

  /** Whether the shares leave small noise in the coefficients that are looked at. */
  #probe(shares: readonly JointShare[], factors: Picked['factors']): boolean {
    const { primes, modulus, plainModulus } = this.#context.params;
    const [q0, q1] = primes;
    return this.#probes.every((i) => {
      const [low, high] = dataPrimes.map((prime) =>
        shares.reduce(
          (total, { rows }, k) => total + factors[prime]![k]! * rows[prime]![i]!,
          this.#phase[prime]![i]!,
        ),
      );
      const rest = low! % q0;
      const lift = ((((high! - rest) * this.#overQ0) % q1) + q1) % q1;
      const scaled = ((rest + q0 * lift) * plainModulus) % modulus;
      const noise = 2n * scaled > modulus ? modulus - scaled : scaled;
      return 16n * noise < 7n * modulus;
    });
  }

  /**
   * Looks first at the coefficients in which this set was wrong: a share that is wrong in a few coefficients
   * would pass every probe else, and all sets with it would be decoded in full.
   */
  #learn(phase: readonly [Row, Row]): void {
    const { params, ring } = this.#context;
    const { noise } = ring.decode(phase, params.plainModulus);
    const found = Array.from(noise.keys()).filter((i) => Math.abs(noise[i]!) >= mostNoise);
    const fresh = found.filter((i) => !this.#probes.includes(i)).slice(0, 8);
    this.#probes = [...fresh, ...this.#probes].slice(0, mostProbes);
  }
}
