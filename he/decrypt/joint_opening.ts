// Opening sums with joint shares, of which any may be wrong.
//
// Right shares are points of one polynomial of degree t - 1, so every t of them open the sums. With t right ones
// among m, one of the C(m, t) sets opens. This is decoding of a Reed-Solomon code by trial, beyond half its
// distance: what tells the right word from others is that noise is small, that values keep to the encoding, and that
// the commitments fit. 11,440 sets of 16 members take a few seconds, over which the search gives way.

import type { ChunkVector } from '@murmuration/core';
import { HeError } from '../errors.ts';
import { dataPrimes } from '../keys/dealing.ts';
import type { KeyGroup } from '../keys/group.ts';
import { digest } from '../keys/party.ts';
import { publicStream } from '../sampling/stream.ts';
import { subsets } from '../sharing.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, equalBytes } from '../wire/message.ts';
import { decodeJointShare, type JointShare } from './joint_share.ts';
import { type Pause, pauses, type StopSignal } from './pause.ts';
import { type PointTable, pointTable } from './points.ts';
import { type PickedSet, Trial } from './trial.ts';

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
  /** Ends the work, which rejects then: an `AbortSignal`. */
  readonly signal?: StopSignal | undefined;
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
export async function* jointOpenings(
  context: RingContext,
  joint: JointSums,
): AsyncGenerator<JointOpening, void, void> {
  const { group, sums } = joint;
  const { threshold } = group;
  const pause = pauses(joint.signal);
  const given = await fitting(context, joint, pause);
  if (given.length < threshold) return;
  const tables = tablesOf(context, group);
  const trials = sums.map((sum, at) => {
    const shares = given.map((each) => each.read[at]!);
    return new Trial(context, { group, sum, shares });
  });
  // The sum that showed a set wrong is tried first from then on: shares may be wrong for the last one alone.
  const order = [...trials.keys()];
  for (const places of subsets(given.length, threshold)) {
    await pause();
    const set = places.map((place) => given[place]!.member);
    const picked = { places, factors: tables.map((table) => table.lagrange(set, 0)) };
    const vectors = await openedBy(picked, { trials, order, pause });
    if (vectors) yield { set, vectors };
  }
}

/** Tries of one set after the other. */
interface Search {
  /** One for each sum. */
  readonly trials: readonly Trial[];
  /** The places of the trials, the next to be tried first. */
  readonly order: number[];
  readonly pause: Pause;
}

/** What the set opens the sums to; undefined where it does not open all. */
async function openedBy(picked: PickedSet, search: Search): Promise<ChunkVector[] | undefined> {
  const { trials, order, pause } = search;
  const vectors: ChunkVector[] = [];
  let wrong = order.findIndex((at) => !trials[at]!.isLikely(picked));
  for (let next = 0; wrong < 0 && next < order.length; next++) {
    await pause();
    const vector = trials[order[next]!]!.open(picked);
    if (vector) vectors[order[next]!] = vector;
    else wrong = next;
  }
  if (wrong < 0) return vectors;
  order.unshift(...order.splice(wrong, 1));
  return undefined;
}

/**
 * The members whose shares are not on the polynomials through those of `set`. Where `set` opened the sums,
 * either they are wrong or somebody of `set` is, whose error cancels at 0: a suspicion by which the next sums'
 * shares are put in order, and no evidence.
 */
export async function strayMembers(
  context: RingContext,
  joint: JointSums,
  set: readonly number[],
): Promise<number[]> {
  const { ring } = context;
  const pause = pauses(joint.signal);
  const given = await fitting(context, joint, pause);
  const tables = tablesOf(context, joint.group);
  const rowsOf = (index: number, at: number) => given.find(({ member }) => member === index)!.read[at]!.rows;
  const stray = new Set(joint.contributions.map(({ member }) => member));
  for (const { member } of given) stray.delete(member);
  const others = given.filter(({ member }) => !set.includes(member));
  for (const [at] of joint.sums.entries())
    for (const { member } of others) {
      await pause();
      for (const prime of dataPrimes) {
        const predicted = tables[prime]!.lagrange(set, member + 1).reduce(
          (total, factor, k) => ring.scaleAdd(rowsOf(set[k]!, at)[prime]!.slice(), factor, total, prime),
          ring.zero(),
        );
        const found = rowsOf(member, at)[prime]!;
        if (predicted.some((value, i) => value !== found[i])) stray.add(member);
      }
    }
  return [...stray].sort((a, b) => a - b);
}

/**
 * Whether t + 1 of the contributions lie on one polynomial. Where they do, and no set opens the sums, it is
 * the ciphertexts that are wrong, or two members at least have agreed on wrong shares: one alone cannot make
 * t + 1 shares fit, since t right ones would have opened the sums.
 */
export async function jointSharesAgree(context: RingContext, joint: JointSums): Promise<boolean> {
  const { ring } = context;
  const pause = pauses(joint.signal);
  const given = await fitting(context, joint, pause);
  // Everything is hashed before the factors are known, so nobody can make its shares fit in their sum alone.
  const stream = publicStream(digest(concat(...given.flatMap(({ shares }) => shares.map(digest)))));
  const values = given.map(() => 0n);
  for (const [at] of joint.sums.entries()) {
    const factors = ring.uniformRow(stream, 0);
    for (const [i, { read }] of given.entries()) {
      await pause();
      const row = ring.multiply(read[at]!.rows[0]!.slice(), factors, 0);
      values[i] = row.reduce((sum, value) => sum + value, values[i]!);
    }
  }
  const [table] = tablesOf(context, joint.group);
  for (const picked of subsets(given.length, joint.group.threshold + 1)) {
    await pause();
    const factors = table!.parity(picked.map((at) => given[at]!.member));
    if (picked.reduce((sum, at, k) => sum + factors[k]! * values[at]!, 0n) % ring.primes[0]! === 0n)
      return true;
  }
  return false;
}

/** A contribution whose shares are for these sums. */
interface Fitting extends JointContribution {
  /** Its shares, read: each is needed for many sets. */
  readonly read: readonly JointShare[];
}

/** The contributions that are shares of their members for these sums; others are no better than none. */
async function fitting(
  context: RingContext,
  { group, sums, contributions }: JointSums,
  pause: Pause,
): Promise<Fitting[]> {
  const digests = sums.map(digest);
  const found: Fitting[] = [];
  for (const { member, shares } of contributions) {
    const read: JointShare[] = [];
    try {
      for (const bytes of shares) {
        await pause();
        read.push(decodeJointShare(context, bytes));
      }
    } catch (error) {
      if (error instanceof HeError) continue;
      throw error;
    }
    const fit =
      member < group.members.length &&
      read.length === sums.length &&
      read.every(
        ({ groupId, ciphertext, index }, at) =>
          index === member && equalBytes(groupId, group.id) && equalBytes(ciphertext, digests[at]!),
      );
    if (fit) found.push({ member, shares, read });
  }
  return found;
}

const tablesOf = ({ params }: RingContext, { members }: KeyGroup): PointTable[] =>
  dataPrimes.map((prime) => pointTable(params.primes[prime]!, members.length));
