// Forgers against encryption proofs. A ciphertext whose c1 is off by g / d has an answer to a challenge X^i
// only where d divides (X^i - 1) g: the challenges of one class modulo an ideal. docs/proofs/encryption.md
// bounds the class for every ideal; these tests count it with the code that verifies, and show what is
// left: an ideal of norm 2, which costs nothing and tells nothing.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHe, preset } from '../../he/index.ts';
import { keyPrimes, secretRows } from '../../he/keys/party.ts';
import { inverse, power } from '../../he/ring/primes.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { centredBinomial, ternary } from '../../he/sampling/small.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { Cells, cellsOf } from '../../he/wellformed/cells.ts';
import { beginHash, expandChallenge } from '../../he/wellformed/challenge.ts';
import { encryptWithWitness } from '../../he/wellformed/encrypt.ts';
import { addShifted } from '../../he/wellformed/monomial.ts';
import { packResponse } from '../../he/wellformed/response.ts';
import { proofShape, repetitions } from '../../he/wellformed/shape.ts';
import { decodeCiphertext, encodeCiphertext } from '../../he/wire/ciphertext.ts';
import { encodeMessage } from '../../he/wire/message.ts';
import { makeGroup, openSum } from './support.ts';

const base = preset('base');
const shape = proofShape(base, 1);

/** A ring of degree n with base's primes, and a key whose secret the test knows. */
function small(n: number) {
  const params = { ...base, ringDegree: n };
  const ring = new Ring(n, [...base.primes, base.specialPrime]);
  const [s, e] = [ternary(systemStream, n), centredBinomial(systemStream, n)];
  const residues = (values: Int32Array, prime: number) => ring.forward(ring.fromSigned(values, prime), prime);
  const a = keyPrimes.map((prime) => ring.uniformRow(systemStream, prime));
  const b = keyPrimes.map((prime) => {
    const product = ring.multiply(residues(s, prime), a[prime]!, prime);
    return ring.subtract(ring.zero(), ring.add(product, residues(e, prime), prime), prime);
  });
  const publicKey = [...b, ...a];
  return {
    params,
    ring,
    publicKey,
    context: { params, ring },
    cells: new Cells({ params, ring }, publicKey),
  };
}

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

type Small = ReturnType<typeof small>;

/** How many of the given exponents the maker of c1 + g / d can answer once it has committed itself to X^0. */
function answerable(
  { context, ring, publicKey, cells }: Small,
  g: Int32Array,
  d: number,
  exponents: readonly number[],
) {
  const plain = new Uint32Array(ring.n);
  const { rows, witness } = encryptWithWitness(context, {
    group: { publicKey } as never,
    plain,
    stream: systemStream,
  });
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
  const ring64 = small(n);
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
    const full = small(base.ringDegree);
    const N = base.ringDegree;
    const g = cofactor(N, N, rootOfUnity(p, 2 * N), p);
    const some = [0, 1, 2, 3, 5, 64, 1000, N / 4, N / 2, N - 1, N, N + 1, (3 * N) / 2, 2 * N - 1];
    expect(answerable(full, g, p, some)).toBe(1);
  });

  it('of one of several ciphertexts: the same, whatever the others are asked', () => {
    const { context, ring, publicKey, cells } = ring64;
    const encrypted = [0, 1, 2].map(() =>
      encryptWithWitness(context, {
        group: { publicKey } as never,
        plain: new Uint32Array(n),
        stream: systemStream,
      }),
    );
    const wide = proofShape(base, 3);
    const p = 641;
    const g = cofactor(n, n, rootOfUnity(p, 2 * n), p);
    const tables = encrypted.map(({ rows }, j) => cells.shiftTable(j === 1 ? off(ring, rows, g, p) : rows));
    const y = randomMask(n);
    const digest = (exponents: readonly number[]) => {
      const z = y.slice();
      for (const [j, { witness }] of encrypted.entries()) addShifted(z, witness.u, exponents[j]!);
      const words = Uint32Array.from(z, (value) => value + 2 ** (wide.maskBits - 1) - 1);
      const hash = createHash('sha256');
      cells.hash(wide, { words, hash, claim: { tables, exponents } });
      return hash.digest('hex');
    };
    const committed = digest([3, 0, 77]);
    expect(all.filter((i) => digest([3, i, 77]) === committed)).toEqual([0]);
    // The honest ones have an answer to all.
    expect(all.filter((i) => digest([i, 0, 2 * n - 1 - i]) === committed).length).toBeGreaterThan(n);
  });
});

describe('what costs nothing: c1 + (1 + X + ... + X^(N - 1)) / 2', async () => {
  const he = await createHe('base');
  const p = he.params;
  const N = p.ringDegree;
  const ring = new Ring(N, [...p.primes, p.specialPrime]);
  const context = { params: p, ring };
  const made = makeGroup(he, 3, 2);
  const { group } = made;
  const binding = new Uint8Array(8);
  const plain = Uint32Array.from({ length: N }, (_, j) => (j < p.coordinatesPerChunk ? j % 100 : 0));

  /** A proof for it: every X^i - 1 times the sum of all monomials is even. */
  function forge(): { ciphertext: Uint8Array; proof: Uint8Array } {
    const cells = cellsOf(context, group);
    for (;;) {
      const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
      const forged = off(ring, rows, new Int32Array(N).fill(1), 2);
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
        return { ciphertext, proof };
      } catch {
        // Some value lay at its cell's border: again.
      }
    }
  }

  it('is accepted, would show a parity of the key if sums were opened as they are, and shows nothing as they are doubled', () => {
    const { ciphertext } = forge();
    const { rows } = decodeCiphertext(context, group.id, ciphertext);
    // Opened singly: each coefficient is off by half a unit of Q times the sum of s, that is, by T / 2
    // where the sum is odd.
    const secret = [0, 1].map((prime) => {
      const sum = ring.zero();
      for (const party of made.parties) ring.add(sum, secretRows(context, party, keyPrimes)[prime]!, prime);
      return sum;
    });
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
