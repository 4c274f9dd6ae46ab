// Dealing: each party's secret, Shamir-shared among the members (Shamir 1979; coefficient by coefficient and prime by
// prime, as Mouchet, Bertrand, Hubaux, "An Efficient Threshold Access-Structure for RLWE-Based Multiparty HE", 2022).
//
//   sealed share: header | from (2) | to (2) | AEAD(share mod q0 | share mod q1)
//   receipt:      header | from (2) | to (2) | SHA-256 of the sealed share (32) | MAC (32)

import { createHmac, timingSafeEqual } from 'node:crypto';
import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import { deriveKey, keyedStream } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, encodeMessage, headerBytes, MessageReader, packRows, u16 } from '../wire/message.ts';
import type { Federation } from './federation.ts';
import { digest, type PartySecret, secretRows } from './party.ts';
import { ownIndex, pairKey, seal, unseal } from './sealing.ts';

export const dataPrimes = [0, 1] as const;

/** Shares are taken in NTT form, on which Shamir's scheme, being linear, acts alike. */
function shamirPolynomial(context: RingContext, party: PartySecret, federation: Federation): Row[][] {
  const { ring, params } = context;
  const stream = keyedStream(deriveKey(party.seed, 'shamir', params.id, federation.id));
  const higher = Array.from({ length: federation.threshold - 1 }, () =>
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

/** One sealed share for every member, itself included, in their order; the same bytes at every call. */
export function dealShares(
  context: RingContext,
  party: PartySecret,
  federation: Federation,
): Uint8Array<ArrayBuffer>[] {
  const from = ownIndex(context, party, federation);
  const polynomial = shamirPolynomial(context, party, federation);
  return federation.members.map(({ index: to }) => {
    const header = encodeMessage('sealedShare', context.params, federation.id, u16(from), u16(to));
    const share = packRows(context.ring, evaluate(context, polynomial, to), dataPrimes);
    return concat(header, seal(pairKey(party, federation, to, 'seal', [from, to]), header, share));
  });
}

/** Opens a share that was sealed to this party. */
export function openShare(
  context: RingContext,
  party: PartySecret,
  federation: Federation,
  own: number,
  sealed: Uint8Array,
): { from: number; share: Row[] } {
  const { params, ring } = context;
  const expected = headerBytes + 4 + params.ciphertextBodyBytes / 2 + 16;
  const reader = new MessageReader(sealed, 'sealedShare', params, expected);
  reader.expectContext(federation.id, 'federation');
  const [from, to] = [reader.u16(), reader.u16()];
  ensure(
    from < federation.members.length,
    'mismatch',
    () => `sealedShare: from member ${from} of ${federation.members.length}`,
  );
  ensure(to === own, 'mismatch', () => `sealedShare: for member ${to}, this party is member ${own}`);
  const key = pairKey(party, federation, from, 'seal', [from, to]);
  const plain = unseal(key, sealed.subarray(0, headerBytes + 4), reader.rest(), from);
  const half = ring.packedBytes(ring.n, 0);
  return {
    from,
    share: dataPrimes.map((prime) =>
      ring.unpack(plain.slice(prime * half, prime ? undefined : half), ring.n, prime),
    ),
  };
}

function receipt(
  context: RingContext,
  party: PartySecret,
  federation: Federation,
  peer: number,
  [from, to]: readonly [number, number],
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const body = encodeMessage('receipt', context.params, federation.id, u16(from), u16(to), digest(sealed));
  const key = pairKey(party, federation, peer, 'receipt', [from, to]);
  return concat(body, createHmac('sha256', key).update(body).digest());
}

/**
 * Opens and checks a sealed share and acknowledges it to its dealer. Keep the sealed bytes for `finishKey`.
 * @throws HeError `wire` or `mismatch` naming what is wrong with the share; it then deserves no receipt.
 */
export function acceptShare(
  context: RingContext,
  party: PartySecret,
  federation: Federation,
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const own = ownIndex(context, party, federation);
  const { from } = openShare(context, party, federation, own, sealed);
  return receipt(context, party, federation, from, [from, own], sealed);
}

/**
 * Checks, as the dealer, that member `to` opened exactly `sealed`. A receipt convinces its dealer alone (a MAC under their
 * common key); whoever needs evidence for others signs it on top.
 */
export function checkReceipt(
  context: RingContext,
  party: PartySecret,
  federation: Federation,
  to: number,
  sealed: Uint8Array,
  received: Uint8Array,
): void {
  const own = ownIndex(context, party, federation);
  ensure(
    to in federation.members,
    'argument',
    () => `to = ${to}: the federation has ${federation.members.length} members`,
  );
  const expected = receipt(context, party, federation, to, [own, to], sealed);
  ensure(
    received.length === expected.length && timingSafeEqual(received, expected),
    'mismatch',
    () => `receipt: not member ${to}'s for this sealed share`,
  );
}
