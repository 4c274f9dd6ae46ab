// Ring arithmetic: the kernel against bigints, its transform against SEAL's.

import fc from 'fast-check';
import loadSeal from 'node-seal';
import { describe, expect, it } from 'vitest';
import { preset } from '../../he/index.ts';
import { inverse, isPrime, leastRoot, power } from '../../he/ring/primes.ts';
import { lagrangeAtZero, Ring, type Row } from '../../he/ring/ring.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { sealContext } from '../../he/seal/context.ts';
import { centre, expectError, kernelsHere } from './support.ts';

const rings = (['base', 'wide'] as const).flatMap((name) => {
  const p = preset(name);
  return kernelsHere.map((kernel) => ({
    name,
    p,
    kernel,
    ring: new Ring(p.ringDegree, [...p.primes, p.specialPrime], kernel),
  }));
});

/** Rows that provoke every correction: 0, 1, q - 1 and the middle among random residues. */
function edgeRow(ring: Ring, prime: number): Row {
  const q = ring.primes[prime]!;
  const row = ring.uniformRow(systemStream, prime);
  row.set([0n, 1n, q - 1n, q / 2n, q / 2n + 1n, q - 2n, 2n]);
  return row;
}

describe.each(rings)('$name by $kernel', ({ ring, p }) => {
  it.each([0, 1, 2])('entry-wise operations modulo prime %i equal those of bigints', (prime) => {
    const q = ring.primes[prime]!;
    const [a, b] = [edgeRow(ring, prime), edgeRow(ring, prime).reverse()];
    a.subarray(-7).fill(q - 1n);
    b.subarray(0, 7).fill(q - 1n);
    const factor = q - 1n;
    expect(ring.multiply(a.slice(), b, prime)).toEqual(a.map((x, i) => (x * b[i]!) % q));
    expect(ring.add(a.slice(), b, prime)).toEqual(a.map((x, i) => (x + b[i]!) % q));
    expect(ring.subtract(a.slice(), b, prime)).toEqual(a.map((x, i) => (x + q - b[i]!) % q));
    expect(ring.scaleAdd(a.slice(), factor, b, prime)).toEqual(a.map((x, i) => (x * factor + b[i]!) % q));
  });

  it.each([0, 1, 2])('the transform modulo prime %i turns products into negacyclic convolution', (prime) => {
    const q = ring.primes[prime]!;
    const [a, b] = [edgeRow(ring, prime), edgeRow(ring, prime)];
    const product = ring.inverse(
      ring.multiply(ring.forward(a.slice(), prime), ring.forward(b.slice(), prime), prime),
      prime,
    );
    expect(ring.inverse(ring.forward(a.slice(), prime), prime)).toEqual(a);
    for (const k of [0, 1, ring.n / 2, ring.n - 1]) {
      let expected = 0n;
      for (let i = 0; i < ring.n; i++)
        expected += a[i]! * b[(k - i + ring.n) % ring.n]! * (i <= k ? 1n : -1n);
      expect(product[k]).toBe(((expected % q) + q) % q);
    }
  });

  it('packs at the bit length of the prime and unpacks', () => {
    for (const prime of [0, 1, 2]) {
      const row = edgeRow(ring, prime);
      const bytes = ring.pack(row, prime);
      expect(bytes.length).toBe((ring.n * ring.primes[prime]!.toString(2).length) / 8);
      expect(ring.unpack(bytes, ring.n, prime)).toEqual(row);
    }
  });

  it('refuses to unpack a residue that is not below its prime', () => {
    const row = ring.zero();
    row[5] = ring.primes[0]!;
    expectError(() => ring.unpack(ring.pack(row, 0), ring.n, 0), 'wire', /not below the prime/);
  });

  it('decodes as exact rational arithmetic does', () => {
    const [q0, q1] = p.primes;
    const rows: [Row, Row] = [edgeRow(ring, 0), edgeRow(ring, 1)];
    const { values, noise } = ring.decode([rows[0].slice(), rows[1].slice()], p.plainModulus);
    const lift = inverse(q0, q1);
    let worst = 0;
    for (let i = 0; i < ring.n; i++) {
      const difference = (((rows[1][i]! - rows[0][i]!) % q1) + q1) % q1;
      const x = rows[0][i]! + q0 * ((difference * lift) % q1);
      const m = (2n * x * p.plainModulus + p.modulus) / (2n * p.modulus);
      expect(values[i]).toBe(Number(m % p.plainModulus));
      const exact = Number(((x * p.plainModulus - m * p.modulus) << 60n) / p.modulus) / 2 ** 60;
      worst = Math.max(worst, Math.abs(noise[i]! - exact));
    }
    expect(worst).toBeLessThan(2 ** -44);
  });

  it("SEAL's secret key, in its own transform, comes back ternary through ours", async () => {
    const { seal, context } = await sealContext(p);
    using generator = new seal.KeyGenerator(context);
    using secretKey = generator.secretKey();
    const saved: Uint8Array = secretKey.saveToArray(seal.ComprModeType.none);
    const words = new BigUint64Array(saved.slice(88).buffer as ArrayBuffer);
    const coefficients = [0, 1, 2].map((prime) => {
      const row = ring.inverse(words.slice(prime * ring.n, (prime + 1) * ring.n), prime);
      return Array.from(row, (value) => Number(centre(value, ring.primes[prime]!)));
    });
    expect(new Set(coefficients[0])).toEqual(new Set([-1, 0, 1]));
    expect(coefficients[1]).toEqual(coefficients[0]);
    expect(coefficients[2]).toEqual(coefficients[0]);
  });
});

describe('number theory', () => {
  it("the preset primes of base are those of SEAL's own choice", async () => {
    const seal = await loadSeal();
    using moduli = seal.CoeffModulus.Create(4096, Int32Array.from([45, 45, 16]));
    const own = preset('base');
    expect([0, 1, 2].map((i) => moduli.get(i)!.value())).toEqual([...own.primes, own.specialPrime]);
  });

  it('isPrime agrees with trial division, strong pseudoprimes included', () => {
    const trial = (n: number) =>
      n > 1 &&
      !Array.from({ length: Math.floor(Math.sqrt(n)) - 1 }, (_, i) => i + 2).some((d) => n % d === 0);
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), (n) => isPrime(BigInt(n)) === trial(n)));
    expect([2047n, 3215031751n, 3825123056546413051n, 341550071728321n].some(isPrime)).toBe(false);
  });

  it('leastRoot is a root of X^n + 1 and the least of its conjugates', () => {
    const root = leastRoot(97n, 4);
    expect(power(root, 4n, 97n)).toBe(96n);
    expect([1n, 3n, 5n, 7n].map((e) => power(root, e, 97n)).every((other) => other >= root)).toBe(true);
  });

  it('Lagrange coefficients interpolate every polynomial of low degree', () => {
    const q = preset('base').primes[0];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 2, maxLength: 10 }),
        fc.array(fc.bigInt({ min: 0n, max: q - 1n }), { minLength: 1, maxLength: 2 }),
        (points, coefficients) => {
          const at = (x: number) => coefficients.reduceRight((sum, c) => (sum * BigInt(x) + c) % q, 0n);
          const sum = points.reduce((total, x) => total + lagrangeAtZero(x, points, q) * at(x), 0n);
          return sum % q === coefficients[0];
        },
      ),
    );
  });
});
