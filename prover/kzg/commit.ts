// Commitments `C = [f(tau)]_1` to `f(X) = sum_j u_j X^j + sum_k rho_k X^(K+k)` (docs/encodings.md).
//
// The coordinates are small, so they take a short way (small.ts); only the blinding coefficients are multiplied at full
// size. The work is not constant-time: an observer that times this process closely learns about its coordinates.
import { blindingCoefficients, type ChunkVector } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { checkField } from '../field.ts';
import { readBig, viewOf } from './bytes.ts';
import { sumOfMultiples } from './multiples.ts';
import { type G1Point, g1ToPoint, parseG1 } from './points.ts';
import { sumOfSmall } from './small.ts';
import type { Srs } from './srs.ts';
import { g1Bytes } from './wasm.ts';

/**
 * Checks length and blinding: a vector of another length would have its blinding in the wrong place, and a
 * coefficient of r or more would be an alias.
 */
export function checkVector(srs: Srs, { coordinates, blinding }: ChunkVector): void {
  const fitting = srs.powers - blindingCoefficients;
  if (coordinates.length !== fitting) {
    throw new ProverError(
      'argument',
      `coordinates has ${coordinates.length} entries, but an SRS of ${srs.powers} powers is for ${fitting}`,
      { mend: "Pad the chunk with zeros, or load its preset's keys." },
    );
  }
  blinding.forEach((value, i) => void checkField(`blinding[${i}]`, value));
}

/**
 * Commits to a vector.
 * @param bits of a lane: 8 for an update, 18 for a sum; 1 to 32. Coordinates lie in [-2^(bits-1),
 * 2^(bits-1)).
 * @throws {ProverError} `argument` if the vector is not of the SRS's length or a coordinate is out of range,
 * `field` for a blinding coefficient outside [0, r).
 */
export async function commit(srs: Srs, vector: ChunkVector, bits: number): Promise<G1Point> {
  const { coordinates, blinding } = vector;
  if (!Number.isInteger(bits) || bits < 1 || bits > 32)
    throw new ProverError('argument', `bits is ${bits}, but a lane has 1 to 32`);
  checkVector(srs, vector);
  const offset = 2 ** (bits - 1);
  const wrong = coordinates.findIndex((u) => !Number.isInteger(u) || u < -offset || u >= offset);
  if (wrong >= 0) {
    throw new ProverError(
      'argument',
      `coordinates[${wrong}] is ${coordinates[wrong]}, ` +
        `but a coordinate of ${bits} bits lies in [${-offset}, ${offset})`,
    );
  }
  const small = await sumOfSmall(srs.bases, coordinates, { bits });
  // So few are faster one by one than in windows.
  const powers = viewOf(srs.g1);
  const blinds = blinding.map((scalar, k) => {
    const at = (coordinates.length + k) * g1Bytes;
    const power = { x: readBig(powers, at), y: readBig(powers, at + g1Bytes / 2) };
    return { point: parseG1('a power of the SRS', power), scalar };
  });
  return g1ToPoint(small.add(sumOfMultiples(blinds)));
}

/**
 * `sum_i w_i C_i`, as the contract keeps it: the commitment to the weighted sum of the vectors and of the
 * blindings.
 *
 * @param weights are positive integers below 2^53, one for each commitment.
 * @throws {ProverError} `argument` where there is no commitment, or a weight is missing or out of range;
 * `point` for a commitment that is no point of G1.
 */
export function combine(commitments: readonly G1Point[], weights: readonly number[]): G1Point {
  if (commitments.length === 0 || commitments.length !== weights.length) {
    throw new ProverError(
      'argument',
      `weights has ${weights.length} entries, but there are ${commitments.length} commitments`,
      { mend: 'Give at least one commitment, and a weight for each.' },
    );
  }
  const terms = commitments.map((commitment, i) => {
    const weight = weights[i]!;
    if (!Number.isSafeInteger(weight) || weight < 1) {
      throw new ProverError('argument', `weights[${i}] is ${weight}, but a weight is a positive integer`);
    }
    return { point: parseG1(`commitments[${i}]`, commitment), scalar: BigInt(weight) };
  });
  return g1ToPoint(sumOfMultiples(terms));
}
