// Points of BN254 as plain numbers, and the only door by which they come in. Every coordinate is a canonical
// integer below q; infinity is written (0, 0), as EIP-196 and EIP-197 do; a point of G2 is also in the
// subgroup of order r.
import { bn254 } from '@noble/curves/bn254.js';
import { ProverError } from '../errors.ts';
import { isInG2 } from './group.ts';

/** Order q of the base field. */
export const baseFieldOrder = bn254.fields.Fp.ORDER;

/** Affine point of G1; infinity is `{ x: 0n, y: 0n }`. */
export interface G1Point {
  /** In [0, q). */
  readonly x: bigint;
  /** In [0, q). */
  readonly y: bigint;
}

/** Element `c0 + c1 u` of the quadratic extension. */
export interface Fp2 {
  /** The real part, in [0, q). */
  readonly c0: bigint;
  /** The imaginary part, in [0, q). */
  readonly c1: bigint;
}

/** Affine point of G2; infinity has four zeros. */
export interface G2Point {
  /** In the quadratic extension. */
  readonly x: Fp2;
  /** In the quadratic extension. */
  readonly y: Fp2;
}

/** The library's point of G1. */
export type G1 = InstanceType<typeof bn254.G1.Point>;
/** The library's point of G2. */
export type G2 = InstanceType<typeof bn254.G2.Point>;

function checkNumber(name: string, value: bigint): bigint {
  if (typeof value !== 'bigint' || value < 0n || value >= baseFieldOrder) {
    throw new ProverError('point', `${name} is ${value}, but a point's number lies in [0, q)`, {
      mend: 'Reduce it modulo q where it is made; only that form is accepted.',
    });
  }
  return value;
}

const otherPoint = 'Get it again: it was altered, or belongs to another curve.';

/** Checks a point of G1: canonical, on the curve y^2 = x^3 + 3, or infinity. Returns the library's point. */
export function parseG1(name: string, point: G1Point): G1 {
  const x = checkNumber(`${name}.x`, point.x);
  const y = checkNumber(`${name}.y`, point.y);
  if (x === 0n && y === 0n) return bn254.G1.Point.ZERO;
  try {
    // The library refuses some points when they are made, those with y = 0, and others when they are asked.
    const parsed = new bn254.G1.Point(x, y, 1n);
    parsed.assertValidity();
    return parsed;
  } catch {
    throw new ProverError('point', `${name} is (${x}, ${y}), but that is not on BN254's G1`, {
      mend: otherPoint,
    });
  }
}

/**
 * Checks a point of G2: canonical, on the twist, in the subgroup of order r, or infinity. Returns the
 * library's point.
 */
export function parseG2(name: string, point: G2Point): G2 {
  const x = {
    c0: checkNumber(`${name}.x.c0`, point.x.c0),
    c1: checkNumber(`${name}.x.c1`, point.x.c1),
  };
  const y = {
    c0: checkNumber(`${name}.y.c0`, point.y.c0),
    c1: checkNumber(`${name}.y.c1`, point.y.c1),
  };
  if (x.c0 === 0n && x.c1 === 0n && y.c0 === 0n && y.c1 === 0n) return bn254.G2.Point.ZERO;
  if (!isInG2([x.c0, x.c1, y.c0, y.c1])) {
    throw new ProverError('point', `${name} is not in BN254's G2 subgroup of order r`, { mend: otherPoint });
  }
  return bn254.G2.Point.fromAffine({ x, y });
}

/** The plain form of a point of G1. */
export function g1ToPoint(point: G1): G1Point {
  if (point.is0()) return { x: 0n, y: 0n };
  const { x, y } = point.toAffine();
  return { x, y };
}

/** The plain form of a point of G2. */
export function g2ToPoint(point: G2): G2Point {
  if (point.is0()) return { x: { c0: 0n, c1: 0n }, y: { c0: 0n, c1: 0n } };
  const { x, y } = point.toAffine();
  return { x: { c0: x.c0, c1: x.c1 }, y: { c0: y.c0, c1: y.c1 } };
}

/** Two words `x, y`, as the contracts read a point of G1. */
export function g1Words(point: G1Point): [bigint, bigint] {
  return [point.x, point.y];
}

/** Four words in EIP-197's order: `x.imaginary, x.real, y.imaginary, y.real`. */
export function g2Words(point: G2Point): [bigint, bigint, bigint, bigint] {
  return [point.x.c1, point.x.c0, point.y.c1, point.y.c0];
}

/**
 * Inverse of {@link g1Words}.
 *
 * @param name of the point, for the message.
 * @throws {ProverError} `point` for another number of words, an alias, or a point that is not on the curve.
 */
export function g1FromWords(name: string, words: readonly bigint[]): G1Point {
  checkWords(name, words, 2);
  const point = { x: words[0]!, y: words[1]! };
  parseG1(name, point);
  return point;
}

/**
 * Inverse of {@link g2Words}.
 *
 * @param name of the point, for the message.
 * @throws {ProverError} `point` for another number of words, an alias, or a point that is not in the subgroup
 * of order r.
 */
export function g2FromWords(name: string, words: readonly bigint[]): G2Point {
  checkWords(name, words, 4);
  const point = { x: { c1: words[0]!, c0: words[1]! }, y: { c1: words[2]!, c0: words[3]! } };
  parseG2(name, point);
  return point;
}

function checkWords(name: string, words: readonly bigint[], length: number): void {
  if (words.length === length) return;
  throw new ProverError('point', `${name} has ${words.length} words, but a point of its group has ${length}`);
}
