// Pairings, subgroup checks and small sums in the curve's WebAssembly against noble-curves, an implementation of its own.
import { fieldOrder } from '@murmuration/core';
import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInG2 } from '../../../prover/kzg/group.ts';
import { sumOfMultiples } from '../../../prover/kzg/multiples.ts';
import { g1Generator, g2Generator, pairingProductIsOne, prepareG2 } from '../../../prover/kzg/pairing.ts';
import type { G1, G2 } from '../../../prover/kzg/points.ts';

const { Fp2, Fp12 } = bn254.fields;
const zero1 = bn254.G1.Point.ZERO;
const zero2 = bn254.G2.Point.ZERO;
const scalar = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, fieldOrder - 1n, 1n << 128n, (1n << 128n) + 1n, (1n << 136n) - 1n, 1n << 136n),
  fc.bigInt({ min: 0n, max: fieldOrder - 1n }),
);
const times1 = (k: bigint): G1 => (k === 0n ? zero1 : g1Generator.multiply(k));
const times2 = (k: bigint): G2 => (k === 0n ? zero2 : g2Generator.multiply(k));

/** A point of the twist by its x, if it has one; nearly none is in the subgroup. */
function twistPoint(c0: bigint, c1: bigint): { x: typeof Fp2.ONE; y: typeof Fp2.ONE } | undefined {
  const x = { c0, c1 };
  const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b);
  try {
    return { x, y: Fp2.sqrt(square) };
  } catch {
    return undefined;
  }
}

describe('a product of pairings', () => {
  it.each([1, 2, 3])('of %d random pairs is one exactly where noble says so', (count) => {
    const numbers = fc.array(fc.tuple(scalar, scalar), { minLength: count, maxLength: count });
    fc.assert(
      fc.property(numbers, fc.boolean(), (pairs, balanced) => {
        const rest = pairs.reduce((sum, [a, b]) => (sum + a * b) % fieldOrder, 0n);
        const last = { g1: times1((balanced ? fieldOrder - rest : rest + 1n) % fieldOrder), g2: g2Generator };
        const inputs = [...pairs.map(([a, b]) => ({ g1: times1(a), g2: times2(b) })), last];
        const finite = inputs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
        const theirs = finite.length === 0 || Fp12.eql(bn254.pairingBatch(finite, true), Fp12.ONE);
        expect(pairingProductIsOne(inputs)).toBe(theirs);
        const prepared = inputs.map(({ g1, g2 }) => ({ g1, g2: prepareG2(g2) }));
        expect(pairingProductIsOne(prepared)).toBe(theirs);
        if (balanced) expect(theirs).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
  it('of nothing, and of infinity on either side, is one', () => {
    expect(pairingProductIsOne([])).toBe(true);
    const pairs = [
      { g1: zero1, g2: g2Generator },
      { g1: g1Generator, g2: prepareG2(zero2) },
    ];
    expect(pairingProductIsOne(pairs)).toBe(true);
    expect(pairingProductIsOne([...pairs, { g1: g1Generator, g2: g2Generator }])).toBe(false);
  });
});

describe('a point of G2', () => {
  it('is known by its order: multiples of the generator are in, other points of the twist are not', () => {
    for (const k of [1n, 2n, fieldOrder - 1n, 0x123456789abcdefn]) {
      const { x, y } = times2(k).toAffine();
      expect(isInG2([x.c0, x.c1, y.c0, y.c1])).toBe(true);
      expect(isInG2([x.c0, x.c1, y.c1, y.c0])).toBe(false);
    }
    const others = Array.from({ length: 40 }, (_, i) => twistPoint(BigInt(i), 7n)).filter(
      (p) => p !== undefined,
    );
    expect(others.length).toBeGreaterThan(10);
    for (const { x, y } of others) {
      expect(() => bn254.G2.Point.fromAffine({ x, y }).assertValidity()).toThrow();
      expect(isInG2([x.c0, x.c1, y.c0, y.c1])).toBe(false);
    }
  });
  it('of small order on the twist is refused', () => {
    // The twist has order r (2 q - r), and 10069 divides the cofactor.
    const cofactor = 2n * bn254.fields.Fp.ORDER - fieldOrder;
    const small = 10069n;
    expect(cofactor % small).toBe(0n);
    for (let i = 1n; ; i++) {
      const found = twistPoint(i, 3n);
      if (!found) continue;
      const point = bn254.G2.Point.fromAffine(found);
      const reduced = point
        .multiplyUnsafe(fieldOrder - 1n)
        .add(point)
        .multiplyUnsafe(cofactor / small);
      if (reduced.is0()) continue;
      const { x, y } = reduced.toAffine();
      expect(isInG2([x.c0, x.c1, y.c0, y.c1])).toBe(false);
      break;
    }
  });
});

describe('a sum of multiples', () => {
  it("is noble's, whatever meets: zero, equal and opposite points, infinity", () => {
    const term = fc.record({ k: scalar, s: scalar });
    fc.assert(
      fc.property(fc.array(term, { maxLength: 4 }), (terms) => {
        const multiples = terms.map(({ k, s }) => ({ point: times1(k), scalar: s }));
        const expected = times1(terms.reduce((sum, { k, s }) => (sum + k * s) % fieldOrder, 0n));
        expect(sumOfMultiples(multiples).equals(expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
    const point = times1(5n);
    const both = [
      { point, scalar: 9n },
      { point: point.negate(), scalar: 9n },
    ];
    expect(sumOfMultiples(both).is0()).toBe(true);
    expect(sumOfMultiples([both[0]!, both[0]!]).equals(times1(90n))).toBe(true);
  });
});
