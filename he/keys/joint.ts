// The keys of the joint flood: pseudorandom secret sharing (Cramer, Damgård, Ishai, TCC 2005; for lattice
// decryption Bendlin, Damgård, TCC 2010; Dahl et al., "Noah's Ark", 2023).
//
// For each set A of t - 1 members there is one key k_A that all the others hold and that A does not. The
// polynomial phi_A of degree t - 1 is 1 at 0 and 0 at the points of A. If E_A is a pseudorandom function of
// A and k_A, then sum_A E_A phi_A(x) is a sharing of sum_A E_A that every member evaluates at its own point by
// itself: for the sets that hold it, phi_A is 0 there. Any t - 1 members lack the key of their own set.
//
// There are C(n, t - 1) keys, so the joint flood is for groups that are not too large.

import { deriveKey } from '../sampling/stream.ts';
import { jointKeys, type Sharing, subsets } from '../sharing.ts';
import { encodeSet } from '../wire/set.ts';
import type { KeyGroup } from './group.ts';
import type { PartySecret } from './party.ts';

/** The sharing of a key group. */
export const sharingOf = ({ members, threshold }: Pick<KeyGroup, 'members' | 'threshold'>): Sharing => ({
  parties: members.length,
  threshold,
});

/** The sets A whose keys a group has, in the order in which keys are stored; none where there is no flood. */
export function* absentees(sharing: Sharing): Generator<readonly number[]> {
  if (jointKeys(sharing) > 0) yield* subsets(sharing.parties, sharing.threshold - 1);
}

/** The member that makes the key of the set A: the first that is not in it. */
export const makerOf = (absent: readonly number[]): number => {
  const found = absent.findIndex((member, at) => member !== at);
  return found < 0 ? absent.length : found;
};

/** The sets whose keys the member `from` makes and the member `to` holds, in order. */
export const madeFor = (sharing: Sharing, from: number, to: number): (readonly number[])[] =>
  [...absentees(sharing)].filter((absent) => makerOf(absent) === from && !absent.includes(to));

/** The key of the set A, which this party makes: 32 bytes, the same at every call. */
export const makeJointKey = (
  party: PartySecret,
  group: Pick<KeyGroup, 'id'>,
  absent: readonly number[],
): Uint8Array<ArrayBuffer> => deriveKey(party.seed, 'joint-key', group.id, encodeSet(absent));
