// Openings: `y = f(gamma)` and `pi = [(f(X) - y) / (X - gamma)]_1`, and their check
// `e(C - y G1 + gamma pi, G2) = e(pi, [tau]_2)` (Kate, Zaverucha, Goldberg 2010; docs/encodings.md).

import { type ChunkVector, fieldOrder } from '@murmuration/core';
import { checkField } from '../field.ts';
import { packLittle } from './bytes.ts';
import { checkVector } from './commit.ts';
import { type Multiple, sumOfMultiples } from './multiples.ts';
import { g1Generator, pairingProductIsOne, preparedG2Generator } from './pairing.ts';
import { type G1, type G1Point, type G2Point, parseG1 } from './points.ts';
import { prepareTau, type Srs } from './srs.ts';

/** The value of the committed polynomial at the challenge, and its proof. */
export interface Opening {
  /** `f(gamma)`, in [0, r). */
  readonly y: bigint;
  /** `pi = [(f(X) - y) / (X - gamma)]_1`. */
  readonly proof: G1Point;
}

/** An opening with what it is about. */
export interface OpeningClaim extends Opening {
  /** C; of a sum, the weighted sum of the commitments. */
  readonly commitment: G1Point;
  /** The challenge, in [0, r). */
  readonly gamma: bigint;
}

/** The coefficients of f, each in [0, r): the coordinates, then the blinding. */
export function coefficients({ coordinates, blinding }: ChunkVector): bigint[] {
  const values = Array.from(coordinates, (u) => (u < 0 ? fieldOrder + BigInt(u) : BigInt(u)));
  return [...values, ...blinding];
}

/**
 * Opens a committed vector at `gamma` in [0, r).
 * @throws {ProverError} `argument` if the vector is not of the SRS's length, `field` for a number outside [0,
 * r).
 */
export async function open(srs: Srs, vector: ChunkVector, gamma: bigint): Promise<Opening> {
  checkField('gamma', gamma);
  checkVector(srs, vector);
  const { y, quotient } = divide(coefficients(vector), gamma);
  return { y, proof: await srs.bases.sum(packLittle(quotient), { size: 32, bits: 254 }) };
}

/** Division by `X - gamma` (Ruffini-Horner): the quotient, and the remainder `f(gamma)`. */
function divide(f: readonly bigint[], gamma: bigint): { y: bigint; quotient: bigint[] } {
  const quotient = new Array<bigint>(f.length - 1);
  let carry = 0n;
  for (let i = f.length - 1; i > 0; i--) {
    carry = (f[i]! + carry * gamma) % fieldOrder;
    quotient[i - 1] = carry;
  }
  return { y: (f[0]! + carry * gamma) % fieldOrder, quotient };
}

/**
 * Whether the opening holds: `e(C - y G1 + gamma pi, G2) = e(pi, [tau]_2)`.
 *
 * @param tauG2 is `[tau]_2` of the keys' SRS, as `keys.srs.tauG2` gives it.
 * @throws {ProverError} `point` or `field` for malformed input: that is not an opening that does not hold.
 */
export function verifyOpening(tauG2: G2Point, claim: OpeningClaim): boolean {
  const tau = prepareTau(tauG2);
  const opening = parseOpening(claim);
  return pairingProductIsOne([
    { g1: sumOfMultiples(openingLeft(opening, 1n)), g2: preparedG2Generator() },
    { g1: opening.proof.negate(), g2: tau },
  ]);
}

/** An opening whose every part has been checked. */
export interface ParsedOpening {
  readonly commitment: G1;
  readonly proof: G1;
  readonly gamma: bigint;
  readonly y: bigint;
}

/** Checks the parts of an opening. */
export function parseOpening({ commitment, gamma, y, proof }: OpeningClaim): ParsedOpening {
  return {
    commitment: parseG1('commitment', commitment),
    proof: parseG1('opening proof', proof),
    gamma: checkField('gamma', gamma),
    y: checkField('y', y),
  };
}

/** `weight (C - y G1 + gamma pi)`, which must be `weight tau pi`. */
export function openingLeft(
  { commitment, proof, gamma, y }: ParsedOpening,
  weight: bigint,
): readonly Multiple[] {
  return [
    { point: commitment, scalar: weight },
    { point: g1Generator.negate(), scalar: (weight * y) % fieldOrder },
    { point: proof, scalar: (weight * gamma) % fieldOrder },
  ];
}
