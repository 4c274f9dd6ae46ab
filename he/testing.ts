// Keys for tests and benchmarks that need many members: made by a centre that knows every secret, so they
// protect nothing.

import { randomBytes } from 'node:crypto';
import { digest, type He, type KeyGroup, type MemberKey } from './index.ts';
import { absentees } from './keys/joint.ts';
import { secretRows } from './keys/party.ts';
import { Ring } from './ring/ring.ts';
import { systemStream } from './sampling/stream.ts';

/**
 * The key group of `n` members at the price of one of two: two parties make the collective key, and here,
 * where there is nothing to protect, the sum of their secrets is shared in one go. Encryption and decryption
 * are what they always are.
 * @param n members, from 2 to 64. @param threshold t, from 2 to n.
 */
export function centralKeyGroup(
  he: He,
  n: number,
  threshold: number,
): { group: KeyGroup; keys: MemberKey[] } {
  const { params } = he;
  const ring = new Ring(params.ringDegree, [...params.primes, params.specialPrime]);
  const epoch = digest(randomBytes(16));
  const parties = [0, 1].map((index) => he.createParty(epoch, Uint8Array.of(index)));
  const keyShares = parties.map((party) => he.keyShare(party));
  const announced = parties.map(({ identity }, index) => ({ identity, digest: digest(keyShares[index]!) }));
  const small = he.formKeyGroup({ epoch, threshold: 2, members: announced, keyShares });
  const polynomials = [0, 1].map((prime) => {
    const secret = ring.zero();
    for (const party of parties) ring.add(secret, secretRows({ params, ring }, party, [0, 1])[prime]!, prime);
    return [secret, ...Array.from({ length: threshold - 1 }, () => ring.uniformRow(systemStream, prime))];
  });
  const evaluate = (x: number, prime: number) =>
    polynomials[prime]!.reduceRight(
      (value, coefficient) => ring.scaleAdd(value, BigInt(x), coefficient, prime),
      ring.zero(),
    );
  const pairKeys = Array.from({ length: n }, (_, i) => Array.from({ length: i + 1 }, () => randomBytes(32)));
  const joint = [...absentees({ parties: n, threshold })].map((absent) => ({ absent, key: randomBytes(32) }));
  const keys = Array.from({ length: n }, (_, index) => ({
    groupId: small.id,
    index,
    threshold,
    share: [evaluate(index + 1, 0), evaluate(index + 1, 1)],
    floodKey: randomBytes(32),
    maskKeys: Array.from(
      { length: n },
      (_, peer) => pairKeys[Math.max(index, peer)]![Math.min(index, peer)]!,
    ),
    jointKeys: joint.filter(({ absent }) => !absent.includes(index)).map(({ key }) => key),
  }));
  const members = Array.from({ length: n }, (_, index) => ({ ...small.members[0]!, index }));
  return { group: { ...small, threshold, members }, keys };
}
