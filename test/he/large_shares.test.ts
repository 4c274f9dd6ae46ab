// A party whose key share is made of large numbers: what it reads where shares carry no proof, and that the
// proof stops it.

import { describe, expect, it } from 'vitest';
import { floodingRows } from '../../he/decrypt/share.ts';
import { encodeChunk } from '../../he/encoding.ts';
import { createHe, digest, type KeyGroup } from '../../he/index.ts';
import { commonPolynomial, decodeKeyShare } from '../../he/keys/party.ts';
import { proofKey, proveKeyShare, verifyKeyShare } from '../../he/keys/share_proof.ts';
import { floodingReach } from '../../he/parameters.ts';
import { inverse } from '../../he/ring/primes.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { ternary } from '../../he/sampling/small.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { encryptWithWitness } from '../../he/wellformed/encrypt.ts';
import { decodeCiphertext, encodeCiphertext, keyPrimes } from '../../he/wire/ciphertext.ts';
import { packRows } from '../../he/wire/message.ts';
import { expectError, makeGroup, sharesOf } from './support.ts';

const he = await createHe('tiny');
const p = he.params;
const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
const context = { params: p, ring };
const made = makeGroup(he, 5, 3);
/** What member 0 adds to its error, in the unit of P: a sixth of a flood a unit of the sum's randomness. */
const large = BigInt(Math.floor(0.08 * Number(floodingReach(p, 5, 3))));

/** b - P large, in NTT form: the error is larger by a constant polynomial. */
const enlarged = (b: readonly Row[]): Row[] =>
  b.map((row, prime) => {
    const q = ring.primes[prime]!;
    return ring.subtract(row.slice(), ring.zero().fill((large * p.specialPrime) % q), prime);
  });

describe('a key share with a large error', () => {
  const { publicKey } = made.group;
  const group: KeyGroup = {
    ...made.group,
    publicKey: [...enlarged(publicKey.slice(0, 3)), ...publicKey.slice(3)],
  };
  const all = { ...made, group };

  it('passes the self-test', () => {
    const dealt = digest(Uint8Array.of(1));
    for (const [which, set] of he.selfTestSets(group).entries()) {
      const sum = he.selfTestSum({ group, dealt, which });
      const shares = sharesOf(he, all, sum, set);
      const opened = he.combineDecryptionShares({ group, sum, set, shares });
      he.checkSelfTest({ group, members: [0, 1, 2, 3, 4], opened });
    }
  });

  it('shows two colluders, in a sum of weights 1 and 3, the randomness of each of the two ciphertexts', () => {
    const accumulator = he.createAccumulator(group);
    const us = [1, 3].map((weight) => {
      const coordinates = new Int32Array(p.coordinatesPerChunk).fill(weight);
      const plain = encodeChunk(p, { coordinates, blinding: [1n, 2n, 3n] });
      const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
      accumulator.add(encodeCiphertext(context, group.id, { weight: 1, rows }), weight);
      return witness.u;
    });
    const sum = accumulator.sum();
    const { rows } = decodeCiphertext(context, group.id, sum);
    const c1Digest = digest(packRows(ring, rows.slice(2), [0, 1]));
    const [q0, q1] = p.primes;
    const estimate = new Float64Array(ring.n);
    const sets = [2, 3, 4].map((honest) => [0, 1, honest]);
    for (const set of sets) {
      he.combineDecryptionShares({ group, sum, set, shares: sharesOf(he, all, sum, set) });
      const phase = rows.slice(0, 2).map((row, prime) => ring.add(row.slice(), row, prime));
      for (const bytes of sharesOf(he, all, sum, set))
        for (const [prime, row] of he.decodeDecryptionShare(bytes).rows.entries())
          ring.add(phase[prime]!, row, prime);
      // The two colluders know their own floods.
      for (const index of [0, 1])
        for (const [prime, row] of floodingRows(context, { key: made.keys[index]!, c1Digest, set }).entries())
          ring.subtract(phase[prime]!, row, prime);
      for (let j = 0; j < ring.n; j++) {
        const [low, high] = [phase[0]![j]!, phase[1]![j]!];
        const x = low + q0 * ((((((high - low) % q1) + q1) % q1) * inverse(q0, q1)) % q1);
        const grid = (((x * p.plainModulus + p.modulus / 2n) / p.modulus) * p.modulus) / p.plainModulus;
        estimate[j]! -= Number(x - grid) / (2 * Number(large)) / sets.length;
      }
    }
    // Each u_1 + 3 u_2 in [-4, 4] stands for one pair.
    const pairs = Array.from(estimate, (value) => {
      const whole = Math.max(-4, Math.min(4, Math.round(value)));
      const second = Math.round(whole / 3);
      return [whole - 3 * second, second] as const;
    });
    const right = (which: 0 | 1) => pairs.filter((pair, j) => pair[which] === us[which]![j]).length / ring.n;
    // Of blind guesses a third is right.
    expect(right(0)).toBeGreaterThan(0.4);
    expect(right(1)).toBeGreaterThan(0.7);
  });

  it('has no proof, so the group is not formed', () => {
    const own = decodeKeyShare(context, made.keyShares[0]!);
    const from = made.keyShares[0]!.length - own.proof.length - (p.ringDegree * (45 + 45 + 16)) / 8;
    const share = made.keyShares[0]!.slice();
    share.set(packRows(ring, enlarged(own.b), keyPrimes), from);
    const members = made.group.members.map((member, i) =>
      i ? member : { ...member, digest: digest(share) },
    );
    const keyShares = [share, ...made.keyShares.slice(1)];
    expectError(
      () => he.formKeyGroup({ epoch: made.group.epoch, threshold: 3, members, keyShares }),
      'proof',
      /key share of member 0 .* small numbers/,
      /Exclude/,
    );
  });
});

describe('the proof of a key share', () => {
  const { epoch } = made.group;
  const a = commonPolynomial(context, epoch);
  const key = proofKey(epoch, a);
  const shown = made.keyShares.slice(0, 2).map((bytes) => decodeKeyShare(context, bytes));

  it('holds for the party, the sealing key, the epoch and the share that it was made for, and for no other', () => {
    const [one, other] = [shown[0]!, shown[1]!];
    expect(verifyKeyShare(context, key, one)).toBe(true);
    for (const change of [
      { proof: other.proof },
      { b: other.b },
      { identity: other.identity },
      { sealingKey: other.sealingKey },
      { b: one.b.map((row, prime) => ring.add(row.slice(), ring.zero().fill(1n), prime)) },
    ])
      expect(verifyKeyShare(context, key, { ...one, ...change })).toBe(false);
    const elsewhere = digest(epoch);
    const otherKey = proofKey(elsewhere, commonPolynomial(context, elsewhere));
    expect(verifyKeyShare(context, otherKey, { ...one, epoch: elsewhere })).toBe(false);
  });

  it.each([
    ['error', 2 ** 30],
    ['secret', 2 ** 19],
  ] as const)('is not given by the honest prover for an %s of %i', (what, size) => {
    const s = ternary(systemStream, ring.n);
    const e = new Int32Array(ring.n);
    (what === 'error' ? e : s).fill(size, 0, 64);
    const rows = keyPrimes.map((prime) => {
      const product = ring.multiply(ring.forward(ring.fromSigned(s, prime), prime), a[prime]!, prime);
      const b = ring.add(product, ring.forward(ring.fromSigned(e, prime), prime), prime);
      return ring.subtract(ring.zero(), b, prime);
    });
    const share = { ...shown[0]!, b: rows };
    // Of a large secret the responses leave their range; of a large error the values leave their cells.
    let drawn = 0;
    const stream = (length: number) => {
      if (++drawn > 200) throw new Error('two hundred masks, and none would do');
      return systemStream(length);
    };
    const proven = () => {
      const proof = proveKeyShare(context, share, { a, s, e, stream });
      return verifyKeyShare(context, key, { ...share, proof });
    };
    if (what === 'secret') expect(proven).toThrow('two hundred masks');
    else expect(proven()).toBe(false);
  });
});
