// Why decryption shares are masked: without masks, a few sets give a member's share of the key away.
//
// lambda_k x + e_k = d_k mod Q with known lambda_k, d_k and |e_k| << Q determines x = S_j c1 (a hidden number
// problem): LLL on a lattice of five dimensions, a coefficient of it in milliseconds.

import { describe, expect, it } from 'vitest';
import { floodingRows } from '../../he/decrypt/share.ts';
import { createHe, DecryptionLog, type MemberKey } from '../../he/index.ts';
import { digest } from '../../he/keys/party.ts';
import { floodingReach } from '../../he/parameters.ts';
import { inverse } from '../../he/ring/primes.ts';
import { lagrangeAtZero, Ring, type Row } from '../../he/ring/ring.ts';
import { centralKeyGroup } from '../../he/testing.ts';
import { decodeCiphertext } from '../../he/wire/ciphertext.ts';
import { packRows } from '../../he/wire/message.ts';
import { centre } from './support.ts';

const he = await createHe('tiny');
const p = he.params;
const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
const Q = p.modulus;

const dot = (a: bigint[], b: bigint[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0n);
const roundDivide = (a: bigint, b: bigint) =>
  (2n * a + b - ((((2n * a + b) % (2n * b)) + 2n * b) % (2n * b))) / (2n * b);

/** LLL with exact rationals (integral Gram-Schmidt, recomputed at each step: the dimension is five). */
function reduceBasis(basis: bigint[][]): bigint[][] {
  const scaled = () => {
    // d[i] = determinant of the leading Gram matrix, lambda[i][j] = d[j + 1] mu[i][j]: all integers (de Weger
    // 1987).
    const d = [1n];
    const lambda = basis.map(() => [] as bigint[]);
    for (let i = 0; i < basis.length; i++)
      for (let j = 0; j <= i; j++) {
        let u = dot(basis[i]!, basis[j]!);
        for (let k = 0; k < j; k++) u = (d[k + 1]! * u - lambda[i]![k]! * lambda[j]![k]!) / d[k]!;
        if (j < i) lambda[i]![j] = u;
        else d[i + 1] = u;
      }
    return { d, lambda };
  };
  for (let k = 1; k < basis.length; ) {
    for (let j = k - 1; j >= 0; j--) {
      const { d, lambda } = scaled();
      const factor = roundDivide(lambda[k]![j]!, d[j + 1]!);
      basis[k] = basis[k]!.map((x, i) => x - factor * basis[j]![i]!);
    }
    const { d, lambda } = scaled();
    const mu = lambda[k]![k - 1]!;
    if (100n * (d[k + 1]! * d[k - 1]! + mu * mu) >= 99n * d[k]! * d[k]!) k++;
    else {
      [basis[k], basis[k - 1]] = [basis[k - 1]!, basis[k]!];
      k = Math.max(1, k - 1);
    }
  }
  return basis;
}

/** x from samples lambda_k x + e_k = d_k mod Q, |e_k| <= bound; undefined where none is consistent. */
function hiddenNumber(lambdas: bigint[], values: bigint[], bound: bigint): bigint | undefined {
  const lambdaInverse =
    (inverse(lambdas[0]! % p.primes[0], p.primes[0]) * crt[0]! +
      inverse(lambdas[0]! % p.primes[1], p.primes[1]) * crt[1]!) %
    Q;
  const ratios = lambdas.map((lambda) => (lambda * lambdaInverse) % Q);
  const size = lambdas.length;
  const basis = [
    [...ratios, 0n],
    ...lambdas.slice(1).map((_, i) => Array.from({ length: size + 1 }, (_, j) => (j === i + 1 ? Q : 0n))),
  ];
  const reduced = reduceBasis([...basis, [...values, bound]]);
  for (const row of reduced) {
    if (row[size] !== bound && row[size] !== -bound) continue;
    const sign = row[size] === bound ? 1n : -1n;
    const errors = row.slice(0, size).map((e) => e * sign);
    if (errors.some((e) => e > bound || e < -bound)) continue;
    return ((((values[0]! - errors[0]!) * lambdaInverse) % Q) + Q) % Q;
  }
  return undefined;
}

/** Coefficients of the Chinese remainder theorem for the two primes. */
const crt = [
  p.primes[1] * inverse(p.primes[1], p.primes[0]),
  p.primes[0] * inverse(p.primes[0], p.primes[1]),
];
const join = (rows: readonly BigUint64Array[], index: number) =>
  (rows[0]![index]! * crt[0]! + rows[1]![index]! * crt[1]!) % Q;

/** What member 0 multiplies S_0 c1 by: its Lagrange coefficient, and 2, since sums are doubled. */
const doubledLagrange = (points: readonly number[], prime: number) =>
  (2n * lagrangeAtZero(1, points, p.primes[prime]!)) % p.primes[prime]!;

describe('masks', async () => {
  // Few parties, or neighbouring ones, have Lagrange coefficients that are small fractions and tell less.
  const made = centralKeyGroup(he, 64, 32);
  const key = made.keys[0]!;
  const encryptor = await he.createEncryptor(made.group);
  const sum = encryptor.encryptChunk({
    coordinates: new Int32Array(p.coordinatesPerChunk),
    blinding: [1n, 2n, 3n],
  });
  encryptor.close();
  const order = (seed: number, index: number) => digest(Uint8Array.of(seed, index))[0]!;
  const others = Array.from({ length: 63 }, (_, i) => i + 1);
  const sets = [1, 2, 3, 4].map((seed) => {
    const shuffled = others.toSorted((a, b) => order(seed, a) - order(seed, b) || a - b);
    return [0, ...shuffled.slice(0, 31).sort((a, b) => a - b)];
  });
  const lambdas = sets.map((set) => {
    const points = set.map((index) => index + 1);
    return (doubledLagrange(points, 0) * crt[0]! + doubledLagrange(points, 1) * crt[1]!) % Q;
  });
  const { rows } = decodeCiphertext({ params: p, ring }, made.group.id, sum);
  const secret = [0, 1].map((prime) =>
    ring.inverse(
      ring.multiply(ring.forward(rows[2 + prime]!.slice(), prime), key.share[prime]!, prime),
      prime,
    ),
  );
  const bound = floodingReach(p, 64, 32);

  it('without them the attack finds S_j c1 in every coefficient that it is tried on', () => {
    const bare = sets.map((set) => {
      const flood = floodingRows(
        { params: p, ring },
        { key, c1Digest: digest(packRows(ring, rows.slice(2), [0, 1])), set },
      );
      const points = set.map((index) => index + 1);
      return [0, 1].map((prime) =>
        ring.scaleAdd(secret[prime]!.slice(), doubledLagrange(points, prime), flood[prime]!, prime),
      );
    });
    for (const index of [0, 1, 2000, 4095]) {
      const found = hiddenNumber(
        lambdas,
        bare.map((share) => join(share, index)),
        bound,
      );
      expect(found).toBe(join(secret, index));
    }
  });

  it('with them the same attack finds nothing, and a share alone is uniform', () => {
    const shares = sets.map(
      (set) => he.decodeDecryptionShare(he.decryptionShare({ key, sum, set, log: new DecryptionLog() })).rows,
    );
    for (const index of [0, 1, 2000, 4095])
      expect(
        hiddenNumber(
          lambdas,
          shares.map((share) => join(share, index)),
          bound,
        ),
      ).not.toBe(join(secret, index));
    const values = Array.from(
      { length: ring.n },
      (_, index) =>
        Number(centre(join(shares[0]!, index) - lambdas[0]! * join(secret, index), Q)) / Number(Q),
    );
    const variance = values.reduce((total, value) => total + value * value, 0) / values.length;
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(6 * Math.sqrt(1 / 180 / values.length));
  });

  /** A share of member 0 less what its secret explains: flood and masks. */
  function rest(own: MemberKey, bytes: Uint8Array, set: readonly number[]): Row[] {
    const { rows: share } = he.decodeDecryptionShare(
      he.decryptionShare({ key: own, sum: bytes, set, log: new DecryptionLog() }),
    );
    const c1 = decodeCiphertext({ params: p, ring }, made.group.id, bytes).rows.slice(2);
    const points = set.map((index) => index + 1);
    return [0, 1].map((prime) => {
      const x = ring.multiply(ring.forward(c1[prime]!, prime), own.share[prime]!, prime);
      const lambda = doubledLagrange(points, prime);
      const explained = ring.scaleAdd(ring.inverse(x, prime), lambda, ring.zero(), prime);
      return ring.subtract(share[prime]!, explained, prime);
    });
  }

  /**
   * Coefficients that four floods could make: all of them where masks cancel, next to none of 2^27 where they
   * do not.
   */
  const unmasked = (rows: readonly Row[]) => {
    const flood = 4n * floodingReach(p, 5, 3);
    const values = Array.from({ length: ring.n }, (_, index) => centre(join(rows, index), Q));
    return values.filter((value) => value <= flood && value >= -flood).length;
  };
  const five = { ...centralKeyGroup(he, 5, 3).keys[0]!, groupId: key.groupId };

  it('change with the set: masks fixed for a pair would cancel over four sets', () => {
    // Each of the members 1 to 4 is in one set that is added and in one that is subtracted.
    const [a, b, c, d] = [
      [0, 1, 2],
      [0, 2, 3],
      [0, 3, 4],
      [0, 1, 4],
    ].map((set) => rest(five, sum, set));
    const alternating = [0, 1].map((prime) => {
      ring.add(a![prime]!, c![prime]!, prime);
      return ring.subtract(a![prime]!, ring.add(b![prime]!, d![prime]!, prime), prime);
    });
    expect(unmasked(alternating)).toBeLessThan(3);
  });

  it('change with c1: or the difference of two shares would be without', async () => {
    const again = await he.createEncryptor(made.group);
    const other = again.encryptChunk({
      coordinates: new Int32Array(p.coordinatesPerChunk),
      blinding: [1n, 2n, 3n],
    });
    again.close();
    const [a, b] = [rest(five, sum, [0, 1, 2]), rest(five, other, [0, 1, 2])];
    expect(unmasked([0, 1].map((prime) => ring.subtract(a[prime]!, b[prime]!, prime)))).toBeLessThan(3);
  });
});
