// Forgers against encryption proofs. A ciphertext whose c1 is off by g / d has an answer to a challenge X^i
// only where d divides (X^i - 1) g: the challenges of one class modulo an ideal. docs/proofs/encryption.md
// bounds the class for every ideal; these tests count it with the code that verifies, and show what is
// left: an ideal of norm 2, which costs nothing and tells nothing.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHe, preset } from '../../he/index.ts';
import { secretRows } from '../../he/keys/party.ts';
import { inverse, power } from '../../he/ring/primes.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { cellsOf } from '../../he/wellformed/cells.ts';
import { beginHash, expandChallenge } from '../../he/wellformed/challenge.ts';
import { encryptWithWitness } from '../../he/wellformed/encrypt.ts';
import { addShifted } from '../../he/wellformed/monomial.ts';
import { packResponse } from '../../he/wellformed/response.ts';
import { proofShape, repetitions } from '../../he/wellformed/shape.ts';
import { decodeCiphertext, encodeCiphertext, keyPrimes } from '../../he/wire/ciphertext.ts';
import { encodeMessage } from '../../he/wire/message.ts';
import { type SmallRing, smallRing } from './small_ring.ts';
import { makeGroup, openSum, sharesOf } from './support.ts';

const base = preset('base');
const shape = proofShape(base, 1);

/** c1 + g / d. */
function off(ring: Ring, rows: readonly Row[], g: Int32Array, d: number): Row[] {
  return rows.map((row, at) => {
    const prime = at % 2;
    if (at < 2) return row.slice();
    const over = inverse(BigInt(d) % ring.primes[prime]!, ring.primes[prime]!);
    return ring.add(ring.scaleAdd(ring.fromSigned(g, prime), over, ring.zero(), prime), row, prime);
  });
}

/** y + X^i u as words. */
function answer(y: Int32Array, u: Int32Array, i: number): Uint32Array {
  const z = y.slice();
  addShifted(z, u, i);
  return Uint32Array.from(z, (value) => value + 2 ** (shape.maskBits - 1) - 1);
}

const randomMask = (n: number) =>
  Int32Array.from({ length: n }, () => Math.floor(Math.random() * 100_000) - 50_000);

/** How many of the given exponents the maker of c1 + g / d can answer once it has committed itself to X^0. */
function answerable(
  { context, ring, group, cells }: SmallRing,
  g: Int32Array,
  d: number,
  exponents: readonly number[],
) {
  const plain = new Uint32Array(ring.n);
  const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
  const tables = [cells.shiftTable(off(ring, rows, g, d))];
  const y = randomMask(ring.n);
  const digest = (i: number) => {
    const hash = createHash('sha256');
    cells.hash(shape, { words: answer(y, witness.u, i), hash, claim: { tables, exponents: [i] } });
    return hash.digest('hex');
  };
  const committed = digest(0);
  return exponents.filter((i) => digest(i) === committed).length;
}

/** (1 + X)^k modulo 2, k < n. */
function binomial(n: number, k: number): Int32Array {
  let row = Int32Array.from({ length: n }, (_, j) => (j === 0 ? 1 : 0));
  for (let times = 0; times < k; times++) row = row.map((value, j) => value ^ (j > 0 ? row[j - 1]! : 0));
  return row;
}

/** The least root of unity of order `order` modulo a prime p = 1 mod order; 0 where there is none. */
function rootOfUnity(p: number, order: number): number {
  if ((p - 1) % order !== 0) return 0;
  for (let x = 2; ; x++) {
    const root = Number(power(BigInt(x), BigInt((p - 1) / order), BigInt(p)));
    if (Number(power(BigInt(root), BigInt(order / 2), BigInt(p))) === p - 1) return root;
  }
}

/** (X^n + 1) / (X^(n / m) - c) modulo p, where c^m = -1: sum of c^(m - 1 - l) X^(l n / m). Centred. */
function cofactor(n: number, m: number, c: number, p: number): Int32Array {
  const g = new Int32Array(n);
  for (let l = 0; l < m; l++) {
    const value = Number(power(BigInt(c), BigInt(m - 1 - l), BigInt(p)));
    g[(l * n) / m] = value > p / 2 ? value - p : value;
  }
  return g;
}

describe('the challenges that a forger can answer', () => {
  const n = 64;
  const ring64 = smallRing(n);
  const all = Array.from({ length: 2 * n }, (_, i) => i);

  it.each(Array.from({ length: 16 }, (_, i) => 4 * i + 1).concat(2, 3, 4, 16, 32, 64))(
    'modulo (2, (1 + X)^%i): 2N / 2^ceil(log2 k), the bound of the theorem',
    (k) => {
      const counted = answerable(ring64, binomial(n, n - k), 2, all);
      const bound = (2 * n) / 2 ** Math.ceil(Math.log2(k));
      expect(counted).toBeLessThanOrEqual(bound);
      // A cell's border is hit now and then; the class itself is real, or the bound would be proven of
      // nothing.
      expect(counted).toBeGreaterThanOrEqual(Math.min(bound, Math.floor(bound * 0.8)));
    },
  );

  it('modulo every prime ideal over an odd prime below 1200 that has roots of unity: its own one', () => {
    let ideals = 0;
    for (let p = 3; p < 1200; p += 2) {
      if (Array.from({ length: Math.floor(Math.sqrt(p)) - 1 }, (_, i) => i + 2).some((q) => p % q === 0))
        continue;
      for (let m = 1; m <= n; m *= 2) {
        const root = m === 1 ? p - 1 : rootOfUnity(p, 2 * m);
        if (root === 0) break;
        if (m < n && m > 2 && p > 300) continue;
        ideals++;
        expect(answerable(ring64, cofactor(n, m, root, p), p, all), `p = ${p}, m = ${m}`).toBe(1);
      }
    }
    expect(ideals).toBeGreaterThan(200);
  });

  it.each([4, 8, 16, 1024, 6, 9, 15])('with a denominator of %i: no more than modulo its primes', (d) => {
    expect(answerable(ring64, binomial(n, 0), d, all)).toBe(1);
    for (const k of [1, 2, 8])
      expect(answerable(ring64, binomial(n, n - k), d, all)).toBeLessThanOrEqual((2 * n) / k);
  });

  it.each([40961, 65537, 114689])('in the ring of base, modulo a root modulo %i: its own one', (p) => {
    // Such a ciphertext, opened, shows the collective key's value at the root modulo p. With one dense
    // challenge a forger of it needed p hashes; it needs (2N)^10 now.
    const full = smallRing(base.ringDegree);
    const N = base.ringDegree;
    const g = cofactor(N, N, rootOfUnity(p, 2 * N), p);
    const some = [0, 1, 2, 3, 5, 64, 1000, N / 4, N / 2, N - 1, N, N + 1, (3 * N) / 2, 2 * N - 1];
    expect(answerable(full, g, p, some)).toBe(1);
  });

  it.each([
    [3 * 5, [3, 5]],
    [193 * 257, [193, 257]],
    [2 * 641, [2, 641]],
  ])('modulo %i, a root of one kind modulo each of its primes: its own one', (d, primes) => {
    // Roots of different orders and different places: g is 0 at all others, by the Chinese remainder theorem.
    const orders = primes.map((p) =>
      p === 2 ? 1 : [64, 32, 16, 8, 4, 2, 1].find((m) => rootOfUnity(p, 2 * m))!,
    );
    const parts = primes.map((p, at) =>
      p === 2 ? new Int32Array(n).fill(1) : cofactor(n, orders[at]!, rootOfUnity(p, 2 * orders[at]!), p),
    );
    const g = Int32Array.from({ length: n }, (_, j) => {
      const value = primes.reduce((sum, p, at) => {
        const others = BigInt(d / p);
        return sum + BigInt(parts[at]![j]!) * others * inverse(others % BigInt(p), BigInt(p));
      }, 0n);
      const residue = Number(((value % BigInt(d)) + BigInt(d)) % BigInt(d));
      return residue > d / 2 ? residue - d : residue;
    });
    expect(answerable(ring64, g, d, all)).toBe(1);
  });

  it('with any denominator and any numerator: two answers only where they differ by a multiple of it', () => {
    for (let run = 0; run < 60; run++) {
      const d = 2 + Math.floor(Math.random() * 1000);
      const g = Int32Array.from({ length: n }, () => Math.floor(Math.random() * d));
      const divides = all.filter((i) => {
        const turned = g.map((value) => -value);
        addShifted(turned, g, i);
        return turned.every((value) => value % d === 0);
      });
      expect(answerable(ring64, g, d, all), `d = ${d}, g = ${g.join()}`).toBeLessThanOrEqual(divides.length);
    }
  });

  it('2 is a multiple of every difference of two challenges, by a polynomial of N / 2^e monomials', () => {
    // Step 4 of the proof: that, and nothing about an ideal, bounds what two answers leave open.
    for (let d = 1; d < 2 * n; d++) {
      const terms = n / (d & -d);
      const product = new Int32Array(n);
      for (let l = 0; l < terms; l++) {
        const one = Int32Array.from({ length: n }, (_, j) => (j === 0 ? 1 : 0));
        addShifted(product, one, (d * (l + 1)) % (2 * n));
        addShifted(product, one, (d * l + n) % (2 * n));
      }
      expect(product[0]).toBe(-2);
      expect(product.subarray(1).every((value) => value === 0)).toBe(true);
    }
  });

  /** What the proof of several ciphertexts hashes for exponents, of which those with an error are off by it over d. */
  function several(errors: readonly (Int32Array | undefined)[], d: number) {
    const { context, ring, group, cells } = ring64;
    const encrypted = errors.map(() =>
      encryptWithWitness(context, { group, plain: new Uint32Array(n), stream: systemStream }),
    );
    const wide = proofShape(base, errors.length);
    const tables = encrypted.map(({ rows }, j) => {
      const error = errors[j];
      return cells.shiftTable(error ? off(ring, rows, error, d) : rows);
    });
    const y = randomMask(n);
    return (exponents: readonly number[]) => {
      const z = y.slice();
      for (const [j, { witness }] of encrypted.entries()) addShifted(z, witness.u, exponents[j]!);
      const words = Uint32Array.from(z, (value) => value + 2 ** (wide.maskBits - 1) - 1);
      const hash = createHash('sha256');
      cells.hash(wide, { words, hash, claim: { tables, exponents } });
      return hash.digest('hex');
    };
  }

  it('of two ciphertexts whose errors cancel each other: of all pairs one in 2N, as of one', () => {
    const p = 641;
    const g = cofactor(n, n, rootOfUnity(p, 2 * n), p);
    const digest = several([g, g.map((value) => -value)], p);
    const committed = digest([5, 5]);
    const answered = all.flatMap((i) => all.filter((j) => digest([i, j]) === committed).map((j) => [i, j]));
    expect(answered.length).toBeLessThanOrEqual(2 * n);
    expect(answered.length).toBeGreaterThan(n);
    expect(answered.every(([i, j]) => i === j)).toBe(true);
  });

  it('of one of several ciphertexts: the same, whatever the others are asked', () => {
    const p = 641;
    const g = cofactor(n, n, rootOfUnity(p, 2 * n), p);
    const digest = several([undefined, g, undefined], p);
    const committed = digest([3, 0, 77]);
    expect(all.filter((i) => digest([3, i, 77]) === committed)).toEqual([0]);
    // The honest ones have an answer to all.
    expect(all.filter((i) => digest([i, 0, 2 * n - 1 - i]) === committed).length).toBeGreaterThan(n);
  });
});

describe('errors as large as the theorem lets through, and larger ones', () => {
  // No fraction, but an error e of c1 of some cells: two answers differ by (X^i - X^i') e, which lies within a
  // cell where e changes slowly. A ramp from -A to A does so from each coefficient to the next, over the sign
  // too, and gets the most: at n = 8 just what the theorem allows.
  const n = 8;
  const ring8 = smallRing(n);
  const all = Array.from({ length: 2 * n }, (_, i) => i);
  const shapes = {
    ramp: (j: number) => (2 * j - n + 1) / (n - 1),
    monomial: (j: number) => (j === 0 ? 1 : 0),
    constant: () => 1,
  };

  /** The most exponents that any of `tries` masks answers with one commitment. */
  function mostAnswered(e: Int32Array, tries: number): number {
    const { context, ring, group, cells } = ring8;
    const plain = new Uint32Array(n);
    const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
    const tables = [cells.shiftTable(off(ring, rows, e, 1))];
    let most = 0;
    for (let run = 0; run < tries; run++) {
      const y = randomMask(n);
      const commitments = new Map<string, number>();
      for (const i of all) {
        const hash = createHash('sha256');
        cells.hash(shape, { words: answer(y, witness.u, i), hash, claim: { tables, exponents: [i] } });
        const name = hash.digest('hex');
        commitments.set(name, (commitments.get(name) ?? 0) + 1);
      }
      most = Math.max(most, ...commitments.values());
    }
    return most;
  }

  it.each(
    (['ramp', 'monomial', 'constant'] as const).flatMap((kind) =>
      [1, 2, 3, 4].map((a) => [kind, a] as const),
    ),
  )('a %s of 2^(a - 2) cells, a = %i, is answered by at most 2N / 2^a', (kind, a) => {
    const most = mostAnswered(
      Int32Array.from({ length: n }, (_, j) => Math.round(2 ** (shape.cellBits + a - 2) * shapes[kind](j))),
      150,
    );
    expect(most).toBeLessThanOrEqual((2 * n) / 2 ** a);
    // The class is real: without cells as fine as these, more would be answered.
    if (kind === 'ramp' && a <= 2) expect(most).toBeGreaterThan(1);
  });
});

describe('in base, a ciphertext', async () => {
  const he = await createHe('base');
  const p = he.params;
  const N = p.ringDegree;
  const ring = new Ring(N, [...p.primes, p.specialPrime]);
  const context = { params: p, ring };
  const made = makeGroup(he, 3, 2);
  const { group } = made;
  const binding = new Uint8Array(8);
  const plain = Uint32Array.from({ length: N }, (_, j) => (j < p.coordinatesPerChunk ? j % 100 : 0));

  /** The collective secret, which a test alone knows, over the data primes and in NTT form. */
  const secret = [0, 1].map((prime) => {
    const sum = ring.zero();
    for (const party of made.parties) ring.add(sum, secretRows(context, party, keyPrimes)[prime]!, prime);
    return sum;
  });

  it('that is off by a fraction of 65537, which shows a value of the key at a root, is refused however often', () => {
    // One dense challenge was answered with chance 1 / 65537 a hash, and 4096 roots were the key. Members who
    // open such a ciphertext still show the value; that nobody can prove it is all that protects the key.
    const prime = 65537;
    const root = rootOfUnity(prime, 2 * N);
    const g = cofactor(N, N, root, prime);
    const tries = Array.from({ length: 12 }, () => attempt(g, prime));
    expect(tries.filter(({ accepted }) => accepted)).toEqual([]);
    const { ciphertext } = tries[0]!;
    const { rows } = decodeCiphertext(context, group.id, ciphertext);
    const phase = rows.slice(0, 2).map((row, at) => ring.add(row.slice(), row, at));
    for (const bytes of sharesOf(he, made, ciphertext, [0, 2]))
      for (const [at, row] of he.decodeDecryptionShare(bytes).rows.entries()) ring.add(phase[at]!, row, at);
    const [q0, q1] = p.primes;
    const lift = (low: bigint, high: bigint) =>
      low + q0 * ((((((high - low) % q1) + q1) % q1) * inverse(q0, q1)) % q1);
    const overPrime = lift(inverse(BigInt(prime), q0), inverse(BigInt(prime), q1));
    const fits = (value: number) =>
      [0, 1, 2, 3, 4, 5].every((j) => {
        const shown = lift(phase[0]![j]!, phase[1]![j]!) - 2n * BigInt(value) * BigInt(g[j]!) * overPrime;
        const rest = ((((shown % p.modulus) + p.modulus) % p.modulus) * p.plainModulus) / p.modulus;
        return rest < 1000n || rest > p.plainModulus - 1000n;
      });
    const found = Array.from({ length: prime }, (_, value) => value).filter(fits);
    const coefficients = ring.inverse(secret[0]!.slice(), 0);
    const truth = coefficients.reduceRight(
      (sum, x) => (sum * BigInt(root) + (x > q0 / 2n ? x - q0 : x)) % BigInt(prime),
      0n,
    );
    expect(found).toEqual([Number(((truth % BigInt(prime)) + BigInt(prime)) % BigInt(prime))]);
  });

  it('that is off by a fraction has an answer to none of 2^16 challenges, as many as one dense challenge took', () => {
    // A forger varies what is hashed until it is asked what it has prepared for, the same exponent in each repetition:
    // of one repetition it is asked that eight times.
    let prepared = 0;
    for (let hash = 0; hash < 2 ** 16; hash++) {
      const seed = createHash('sha256').update(Uint32Array.of(hash)).digest();
      if (expandChallenge(p, seed, 1).every(([exponent]) => exponent === 0)) prepared++;
    }
    expect(prepared).toBe(0);
  });

  /** One attempt at c1 + g / d by a forger that prepares for the challenge 1 in all repetitions. */
  function attempt(g: Int32Array, d: number): { ciphertext: Uint8Array; accepted: boolean } {
    const cells = cellsOf(context, group);
    const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
    const forged = off(ring, rows, g, d);
    const ciphertext = encodeCiphertext(context, group.id, { weight: 1, rows: forged });
    const tables = [cells.shiftTable(forged)];
    const hash = beginHash(p, { groupId: group.id, ciphertexts: [ciphertext], binding });
    const masks = Array.from({ length: repetitions }, () => randomMask(N));
    for (const y of masks)
      cells.hash(shape, { words: answer(y, witness.u, 0), hash, claim: { tables, exponents: [0] } });
    const seed = new Uint8Array(hash.digest());
    const challenge = expandChallenge(p, seed, 1);
    const responses = masks.map((y, l) =>
      packResponse(ring, answer(y, witness.u, challenge[l]![0]!), shape.maskBits),
    );
    const proof = encodeMessage('encryptionProof', p, group.id, seed, ...responses);
    try {
      he.checkEncryption({ group, ciphertexts: [ciphertext], proof, binding });
      return { ciphertext, accepted: true };
    } catch {
      return { ciphertext, accepted: false };
    }
  }

  /** Every X^i - 1 times the sum of all monomials is even; a value lies at its cell's border now and then. */
  function forge(): Uint8Array {
    for (;;) {
      const { ciphertext, accepted } = attempt(new Int32Array(N).fill(1), 2);
      if (accepted) return ciphertext;
    }
  }

  it('that is off by (1 + X + ... + X^(N - 1)) / 2 is accepted, and shows a parity of the key only if it is not doubled', () => {
    const ciphertext = forge();
    const { rows } = decodeCiphertext(context, group.id, ciphertext);
    // Opened singly: each coefficient is off by half a unit of Q times the sum of s, that is, by T / 2
    // where the sum is odd.
    const phase = [0, 1].map((prime) =>
      ring.add(
        ring.inverse(
          ring.multiply(ring.forward(rows[2 + prime]!.slice(), prime), secret[prime]!, prime),
          prime,
        ),
        rows[prime]!,
        prime,
      ),
    ) as [Row, Row];
    const { values } = ring.decode(phase, p.encodingModulus);
    const ones = ring
      .inverse(secret[0]!.slice(), 0)
      .filter((value) => value % 2n === (value > p.primes[0] / 2n ? 0n : 1n));
    const odd = ones.length % 2 === 1;
    const T = Number(p.encodingModulus);
    expect(values.every((value, j) => (((value - plain[j]!) % T) + T) % T === (odd ? T / 2 : 0))).toBe(true);
    // As the members do it: the honest message, whatever the key.
    const { coordinates } = openSum(he, made, ciphertext, [0, 2]);
    expect(coordinates).toEqual(Int32Array.from(plain.subarray(0, p.coordinatesPerChunk)));
  });
});
