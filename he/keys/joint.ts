// The keys of the joint flood: pseudorandom secret sharing (Cramer, Damgård, Ishai, TCC 2005; for lattice
// decryption Bendlin, Damgård, TCC 2010; Dahl et al., "Noah's Ark", 2023).
//
// For each set A of t - 1 members there is one key k_A that all the others hold and that A does not. The
// polynomial phi_A of degree t - 1 is 1 at 0 and 0 at the points of A. If E_A is a pseudorandom function of
// k_A, then sum_A E_A phi_A(x) is a sharing of sum_A E_A that every member evaluates at its own point by
// itself: for the sets that hold it, phi_A is 0 there. Any t - 1 members lack the key of their own set.
//
// There are C(n, t - 1) keys, so the joint flood is for groups that are not too large.

import { deriveKey } from '../sampling/stream.ts';
import { encodeSet } from '../wire/set.ts';
import type { KeyGroup } from './group.ts';
import type { PartySecret } from './party.ts';

/**
 * Most keys of a joint flood: C(16, 8). It covers every threshold of up to 16 members, and of larger groups
 * those near 2 and near n. A share costs about 0.2 ms a key that its member holds.
 */
export const maxJointKeys = 12_870;

/** n and t, all that the joint flood depends on. */
export interface Shape {
  /** n. */
  readonly parties: number;
  /** t. */
  readonly threshold: number;
}

/** How many keys the joint flood of a group has, C(n, t - 1); 0 where that is too many and there is none. */
export function jointKeys({ parties, threshold }: Shape): number {
  let count = 1;
  for (let i = 1; i < threshold; i++) count = (count * (parties - threshold + 1 + i)) / i;
  return Math.round(count) <= maxJointKeys ? Math.round(count) : 0;
}

/** The shape of a key group. */
export const shapeOf = ({ members, threshold }: Pick<KeyGroup, 'members' | 'threshold'>): Shape => ({
  parties: members.length,
  threshold,
});

/** The sets of `size` of the `among` first integers, each ascending, in lexicographic order. */
export function* subsets(among: number, size: number): Generator<readonly number[]> {
  if (size > among) return;
  const set = Array.from({ length: size }, (_, index) => index);
  for (;;) {
    yield [...set];
    let last = size - 1;
    while (last >= 0 && set[last] === among - size + last) last--;
    if (last < 0) return;
    set[last]!++;
    for (let next = last + 1; next < size; next++) set[next] = set[next - 1]! + 1;
  }
}

/** The sets A whose keys a group has, in the order in which keys are stored; none where there is no flood. */
export function* absentees(shape: Shape): Generator<readonly number[]> {
  if (jointKeys(shape) > 0) yield* subsets(shape.parties, shape.threshold - 1);
}

/** The member that makes the key of the set A: the first that is not in it. */
export const makerOf = (absent: readonly number[]): number => {
  const found = absent.findIndex((member, at) => member !== at);
  return found < 0 ? absent.length : found;
};

/** The sets whose keys the member `from` makes and the member `to` holds, in order. */
export const madeFor = (shape: Shape, from: number, to: number): (readonly number[])[] =>
  [...absentees(shape)].filter((absent) => makerOf(absent) === from && !absent.includes(to));

/** The key of the set A, which this party makes: 32 bytes, the same at every call. */
export const makeJointKey = (
  party: PartySecret,
  group: Pick<KeyGroup, 'id'>,
  absent: readonly number[],
): Uint8Array<ArrayBuffer> => deriveKey(party.seed, 'joint-key', group.id, encodeSet(absent));
