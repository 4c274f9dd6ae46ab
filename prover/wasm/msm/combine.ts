// The last step of a sum: few points, each times a power of two, by Horner's rule.
import { bn254 } from '@noble/curves/bn254.js';
import type { G1, G2 } from '../../kzg/points.ts';
import type { Weighted } from './summer.ts';

interface Group<P> {
  double(): P;
  add(other: P): P;
}

function horner<P extends Group<P>>(zero: P, terms: readonly Weighted[], point: (term: Weighted) => P): P {
  const sorted = [...terms].sort((a, b) => b.exponent - a.exponent);
  let sum = zero;
  let exponent = sorted[0]?.exponent ?? 0;
  for (const term of sorted) {
    for (; exponent > term.exponent; exponent--) sum = sum.double();
    sum = sum.add(point(term));
  }
  for (; exponent > 0; exponent--) sum = sum.double();
  return sum;
}

/** The sum in G1. */
export function combineG1(terms: readonly Weighted[]): G1 {
  return horner(bn254.G1.Point.ZERO, terms, ({ x, y }) => new bn254.G1.Point(x[0]!, y[0]!, 1n));
}

/** The sum in G2. */
export function combineG2(terms: readonly Weighted[]): G2 {
  return horner(bn254.G2.Point.ZERO, terms, ({ x, y }) =>
    bn254.G2.Point.fromAffine({ x: { c0: x[0]!, c1: x[1]! }, y: { c0: y[0]!, c1: y[1]! } }),
  );
}
