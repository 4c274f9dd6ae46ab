// The kernels beside each other, at the ends of what they may be given; and which of them is taken.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHe } from '../../he/index.ts';
import { inverse, isPrime } from '../../he/ring/primes.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { kernelsHere } from './support.ts';

/** The greatest prime below a bound that is 1 modulo 2n. */
function primeBelow(bound: bigint, n: number): bigint {
  const step = 2n * BigInt(n);
  let q = bound - (bound % step) + 1n;
  while (q >= bound || !isPrime(q)) q -= step;
  return q;
}

/** The least prime from a bound on that is 1 modulo 2n. */
function primeFrom(bound: bigint, n: number): bigint {
  const step = 2n * BigInt(n);
  let q = bound - (bound % step) + step + 1n;
  while (!isPrime(q)) q += step;
  return q;
}

describe.runIf(kernelsHere.includes('pairs'))('pairs computes what integers does', () => {
  const degrees = Array.from({ length: 13 }, (_, i) => 2 ** (i + 3));

  it.each(degrees)('of degree %i, whatever the prime, where sums grow most', (n) => {
    const primes = [
      primeBelow(1n << 50n, n),
      primeFrom(1n << 47n, n),
      primeBelow(1n << 47n, n),
      primeFrom(4n, n),
    ];
    const [pairs, integers] = (['pairs', 'integers'] as const).map((name) => new Ring(n, primes, name));
    primes.forEach((q, prime) => {
      const rows: Row[] = [
        new BigUint64Array(n),
        new BigUint64Array(n).fill(1n),
        new BigUint64Array(n).fill(q - 1n),
        new BigUint64Array(n).fill(q / 2n),
        BigUint64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1n : q - 1n)),
        BigUint64Array.from({ length: n }, (_, i) => (i < n / 2 ? q / 2n : q / 2n + 1n)),
        BigUint64Array.from({ length: n }, (_, i) => (BigInt(i + 1) * 0x9e3779b97f4a7c15n) % q),
      ];
      // Rows whose transforms, either way, are all the same or alternate.
      for (const row of [...rows]) {
        rows.push(integers!.forward(row.slice(), prime));
        rows.push(integers!.inverse(row.slice(), prime));
      }
      rows.forEach((row, i) => {
        expect(pairs!.forward(row.slice(), prime)).toEqual(integers!.forward(row.slice(), prime));
        expect(pairs!.inverse(row.slice(), prime)).toEqual(integers!.inverse(row.slice(), prime));
        const product = (ring: Ring) => ring.multiply(row.slice(), rows[(i + 2) % rows.length]!, prime);
        expect(product(pairs!)).toEqual(product(integers!));
        for (const factor of [0n, 1n, q / 2n, q - 1n, inverse(BigInt(n), q)]) {
          const of = (ring: Ring) => ring.scaleAdd(row.slice(), factor, rows[2]!, prime);
          expect(of(pairs!)).toEqual(of(integers!));
        }
      });
    });
  });
});

describe('the kernel that is taken', () => {
  afterEach(() => {
    vi.doUnmock('@murmuration/core/wasm');
    vi.resetModules();
  });

  /** What is chosen where multiply and add are these instructions. */
  async function chosenWith(instructions: (f64x2: Vectors) => Partial<Vectors>) {
    vi.resetModules();
    vi.doMock('@murmuration/core/wasm', async (original) => {
      const wasm = await original<typeof import('@murmuration/core/wasm')>();
      return { ...wasm, f64x2: { ...wasm.f64x2, ...instructions(wasm.f64x2) } };
    });
    return (await import('../../he/ring/kernel_choice.ts')).chosenKernel();
  }
  type Vectors = typeof import('@murmuration/core/wasm').f64x2;

  it('is pairs where multiply and add are one step', async () => {
    expect(await chosenWith(() => ({}))).toBe(kernelsHere.at(-1));
  });

  it('is integers where they are two steps: such a processor rounds twice', async () => {
    const twice = ({ add, sub, mul }: Vectors): Partial<Vectors> => ({
      relaxedMadd: (a, b, c) => add(mul(a!, b!), c!),
      relaxedNmadd: (a, b, c) => sub(c!, mul(a!, b!)),
    });
    expect(await chosenWith(twice)).toBe('integers');
  });

  it('is integers where the instructions are not there', async () => {
    expect(await chosenWith(() => ({ relaxedMadd: () => [0xfd, 0xff, 0x7f] }))).toBe('integers');
  });

  it('is what a scheme says that it computes with', async () => {
    expect((await createHe('tiny')).kernel).toBe(kernelsHere.at(-1));
  });
});
