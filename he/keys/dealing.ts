// Dealing: each party's secret, Shamir-shared among the members (Shamir 1979; coefficient by coefficient and
// prime by prime, as Mouchet, Bertrand, Hubaux, "An Efficient Threshold Access-Structure for RLWE-Based
// Multiparty HE", 2022).
//
//   sealed share: header | from (2) | to (2) | AEAD(share mod q0 | share mod q1 | joint keys (32 each))
//
// The joint keys are those that the dealer makes and the receiver holds (joint.ts), in their order.
//   receipt:      header | from (2) | to (2) | SHA-256 of the sealed share (32) | MAC (32)

import { createHmac, timingSafeEqual } from 'node:crypto';
import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import { deriveKey, keyedStream } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, encodeMessage, headerBytes, MessageReader, packRows, u16 } from '../wire/message.ts';
import type { KeyGroup } from './group.ts';
import { madeFor, makeJointKey, sharingOf } from './joint.ts';
import { digest, type PartySecret, secretRows } from './party.ts';
import { ownIndex, pairKey, seal, unseal } from './sealing.ts';

/** The primes of the data level: q0 and q1. */
export const dataPrimes = [0, 1] as const;

/** A sealed share in its receiver's hands. */
export interface ReceivedShare {
  /** The receiver. */
  readonly party: PartySecret;
  /** The group that both are in. */
  readonly group: KeyGroup;
  /** The share as its dealer's `dealShares` gave it for this receiver. */
  readonly sealed: Uint8Array;
}

/** What was sealed. */
export interface OpenedShare {
  /** The dealer. */
  readonly from: number;
  /** Over the two data primes, in NTT form. */
  readonly share: Row[];
  /** The joint keys of the dealer's making that the receiver holds, by the set that lacks them. */
  readonly jointKeys: ReadonlyMap<string, Uint8Array>;
}

/** A receipt in the dealer's hands. */
export interface ReceivedReceipt {
  /** The dealer. */
  readonly party: PartySecret;
  /** The group that both are in. */
  readonly group: KeyGroup;
  /** Index of the member that the share was sealed to. */
  readonly to: number;
  /** The share as it was dealt to that member. */
  readonly sealed: Uint8Array;
  /** What the member's `acceptShare` gave. */
  readonly receipt: Uint8Array;
}

/** Shares are taken in NTT form, on which Shamir's scheme, being linear, acts alike. */
function shamirPolynomial(context: RingContext, party: PartySecret, group: KeyGroup): Row[][] {
  const { ring, params } = context;
  const stream = keyedStream(deriveKey(party.seed, 'shamir', params.id, group.id));
  const higher = Array.from({ length: group.threshold - 1 }, () =>
    dataPrimes.map((prime) => ring.uniformRow(stream, prime)),
  );
  return [secretRows(context, party, dataPrimes), ...higher];
}

/** Horner's rule at the point of member `index`. */
function evaluate({ ring }: RingContext, polynomial: readonly Row[][], index: number): Row[] {
  return dataPrimes.map((prime) =>
    polynomial
      .slice(0, -1)
      .reduceRight(
        (value, coefficient) => ring.scaleAdd(value, BigInt(index + 1), coefficient[prime]!, prime),
        polynomial.at(-1)![prime]!.slice(),
      ),
  );
}

/**
 * One sealed share for every member, the dealer included, in their order; the same bytes at every call.
 * @throws HeError `mismatch` where the party is no member with this secret, or a member's sealing key is bad.
 */
export function dealShares(
  context: RingContext,
  party: PartySecret,
  group: KeyGroup,
): Uint8Array<ArrayBuffer>[] {
  const from = ownIndex(party, group);
  const polynomial = shamirPolynomial(context, party, group);
  return group.members.map(({ index: to }) => {
    const header = encodeMessage('sealedShare', context.params, group.id, u16(from), u16(to));
    const share = packRows(context.ring, evaluate(context, polynomial, to), dataPrimes);
    const joint = madeFor(sharingOf(group), from, to).map((absent) => makeJointKey(party, group, absent));
    const key = pairKey(party, { group, peer: to, purpose: 'seal', pair: [from, to] });
    return concat(header, seal(key, header, concat(share, ...joint)));
  });
}

/** Opens a share that was sealed to this party, member `own`. */
export function openShare(
  context: RingContext,
  { party, group, own, sealed }: ReceivedShare & { readonly own: number },
): OpenedShare {
  const { params, ring } = context;
  const reader = new MessageReader(sealed, { kind: 'sealedShare', params });
  reader.expectContext(group.id, 'key group');
  const [from, to] = [reader.u16(), reader.u16()];
  ensure(
    from < group.members.length,
    'mismatch',
    () => `a sealedShare is from member ${from}, but the key group has ${group.members.length}`,
  );
  ensure(to === own, 'mismatch', () => `a sealedShare is for member ${to}, but this party is member ${own}`);
  const key = pairKey(party, { group, peer: from, purpose: 'seal', pair: [from, to] });
  const header = sealed.subarray(0, headerBytes + 4);
  const plain = unseal(key, { header, sealed: reader.rest(), from });
  const half = ring.packedBytes(ring.n, 0);
  const held = madeFor(sharingOf(group), from, own);
  const length = 2 * half + 32 * held.length;
  ensure(
    plain.length === length,
    'wire',
    () => `a sealedShare from member ${from} holds ${plain.length} bytes, but it has exactly ${length}`,
  );
  const keyAt = (at: number) => plain.slice(2 * half + 32 * at, 2 * half + 32 * (at + 1));
  return {
    from,
    share: dataPrimes.map((prime) =>
      ring.unpack(plain.slice(prime * half, (prime + 1) * half), ring.n, prime),
    ),
    jointKeys: new Map(held.map((absent, at) => [absent.join(), keyAt(at)])),
  };
}

function receiptFor(
  { params }: RingContext,
  parameters: ReceivedShare & { readonly peer: number; readonly pair: readonly [number, number] },
): Uint8Array<ArrayBuffer> {
  const { party, group, sealed, peer, pair } = parameters;
  const body = encodeMessage('receipt', params, group.id, ...pair.map(u16), digest(sealed));
  const key = pairKey(party, { group, peer, purpose: 'receipt', pair });
  return concat(body, createHmac('sha256', key).update(body).digest());
}

/**
 * Opens and checks a sealed share and acknowledges it to its dealer. Keep the sealed bytes for `finishKey`.
 * @returns the receipt, 137 bytes.
 * @throws HeError `wire` or `mismatch` naming what is wrong with the share; it then deserves no receipt.
 */
export function acceptShare(
  context: RingContext,
  { party, group, sealed }: ReceivedShare,
): Uint8Array<ArrayBuffer> {
  const own = ownIndex(party, group);
  const { from } = openShare(context, { party, group, own, sealed });
  return receiptFor(context, { party, group, sealed, peer: from, pair: [from, own] });
}

/**
 * Checks, as the dealer, that member `to` opened exactly `sealed`. A receipt convinces its dealer alone (a
 * MAC under their common key); for others to be convinced, its maker signs it on top.
 * @throws HeError `mismatch` unless the receipt is that member's for this share; `argument` where there is no
 *   such member.
 */
export function checkReceipt(
  context: RingContext,
  { party, group, to, sealed, receipt }: ReceivedReceipt,
): void {
  const own = ownIndex(party, group);
  ensure(
    to in group.members,
    'argument',
    () => `to is ${to}, but the key group has ${group.members.length} members, counted from 0`,
  );
  const expected = receiptFor(context, { party, group, sealed, peer: to, pair: [own, to] });
  ensure(
    receipt.length === expected.length && timingSafeEqual(receipt, expected),
    'mismatch',
    () => `a receipt is not member ${to}'s for this sealed share`,
  );
}
