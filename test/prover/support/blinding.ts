// What an attacker on the blinding, or a simulator that knows tau, computes: values, and blinding through
// given points.
import { type Blinding, blindingCoefficients, blindingOf, type ChunkVector } from '@murmuration/core';
import { presets, randomBlinding, toField } from '@murmuration/prover';
import { invertAll, power } from '../../../prover/keys/field.ts';

const K = BigInt(presets.tiny.coordinatesPerChunk);

/** A place, and the value there of `rho(X) = sum_k rho_k X^k`. */
export type Point = readonly [at: bigint, value: bigint];

export const divide = (a: bigint, b: bigint): bigint => toField(a * invertAll([toField(b)])[0]!);

/** A polynomial's value at x, the lowest coefficient first. */
export const polynomialAt = (coefficients: readonly bigint[], x: bigint): bigint =>
  coefficients.reduceRight((sum, c) => toField(sum * x + c), 0n);

/** The value at x of the coordinates alone. */
export const coordinatesAt = ({ coordinates }: ChunkVector, x: bigint): bigint =>
  polynomialAt(Array.from(coordinates, BigInt), x);

/** f(x), coordinates and blinding. */
export const valueAt = (vector: ChunkVector, x: bigint): bigint =>
  toField(coordinatesAt(vector, x) + power(x, K) * polynomialAt(vector.blinding, x));

/** What f(x) = value says of the blinding, if the coordinates are those of the guess: rho(x). */
export const pointOf = (guess: ChunkVector, x: bigint, value: bigint): Point => [
  x,
  divide(value - coordinatesAt(guess, x), power(x, K)),
];

/** The blinding through as many points as are given (Lagrange); coefficients beyond them are zero. */
export function blindingThrough(...points: readonly Point[]): Blinding {
  if (points.length > blindingCoefficients)
    throw new RangeError(`${points.length} points determine too much`);
  const terms = points.map(([x, value], i) => {
    // value * prod_z (X - z) / (x - z) over the other places z, one factor after the other.
    let term = [value];
    for (const [z] of points.filter((_, j) => j !== i)) {
      const scaled = term.map((c) => divide(c, x - z));
      term = [...scaled, 0n].map((_, k) => (scaled[k - 1] ?? 0n) - z * (scaled[k] ?? 0n));
    }
    return term;
  });
  return blindingOf((k) => toField(terms.reduce((sum, term) => sum + (term[k] ?? 0n), 0n)));
}

/** Vectors that were sent and summed, and what became public of them. */
export interface SentSum {
  readonly weights: readonly number[];
  readonly truth: readonly ChunkVector[];
  readonly published: readonly { readonly gamma: bigint; readonly y: bigint }[];
  /** The blinding of the sum. */
  readonly R: Blinding;
}

/**
 * Blindings with which a guess would have been published as the truth was, for a simulator that knows tau and
 * the truth's `f_i(tau)`: each `rho_i` passes through what C_i and y_i say, and they sum up to R. All vectors
 * but two have one value more to choose; the last two have none.
 */
export function simulate(
  { weights, truth, published, R }: SentSum,
  guess: readonly ChunkVector[],
  tau: bigint,
): Blinding[] {
  const last = guess.length - 1;
  const points = guess.map((one, i): [Point, Point] => [
    pointOf(one, tau, valueAt(truth[i]!, tau)),
    pointOf(one, published[i]!.gamma, published[i]!.y),
  ]);
  /** What the known blindings, the first ones, leave of R at x. */
  const left = (known: readonly Blinding[], x: bigint): bigint =>
    known.reduce((rest, rho, i) => rest - BigInt(weights[i]!) * polynomialAt(rho, x), polynomialAt(R, x));
  const known = points
    .slice(0, last - 1)
    .map((fixed) => blindingThrough(...fixed, [randomBlinding()[0], randomBlinding()[0]]));
  const [gamma, ofLast] = points[last]![1];
  const ofSecond = divide(left(known, gamma) - BigInt(weights[last]!) * ofLast, BigInt(weights[last - 1]!));
  known.push(blindingThrough(...points[last - 1]!, [gamma, ofSecond]));
  const rest = [1n, 2n, 3n].map((x): Point => [x, divide(left(known, x), BigInt(weights[last]!))]);
  return [...known, blindingThrough(...rest)];
}
