// Commitments `C = [f(tau)]_1` to `f(X) = sum_j u_j X^j + sum_k rho_k X^(K+k)` (docs/encodings.md).
//
// The lanes are small, so they take a short way: offset to `v_j = u_j + 2^(bits-1) >= 0`, one window of
// buckets over all bits, and the constant `2^(bits-1) sum_j P_j` subtracted, which is computed once for each
// length. Only the blinding coefficients are multiplied at full size. Not constant-time: who can time
// this process closely learns about its lanes.
import { type Blinding, blindingCoefficients } from '../blinding.ts';
import { checkField } from '../field.ts';
import { packLittle } from './bytes.ts';
import type { Bases } from './msm.ts';
import { type G1, type G1Point, g1ToPoint, parseG1 } from './points.ts';
import type { Srs } from './srs.ts';

/** What is committed to: K signed lanes and the blinding. */
export interface CommittedVector {
  /** Exactly K integers in [-2^(bits-1), 2^(bits-1)); padding is 0. */
  readonly lanes: Int32Array | readonly number[];
  readonly blinding: Blinding;
}

/** A vector of another length would have its blinding in the wrong place. */
export function checkLength(srs: Srs, lanes: number): void {
  const fitting = srs.powers - blindingCoefficients;
  if (lanes !== fitting) {
    throw new RangeError(
      `${lanes} lanes given, but this SRS of ${srs.powers} powers is for ${fitting}; pad the chunk, or load its preset's keys`,
    );
  }
}

/**
 * Commits to a vector.
 * @param bits of a lane: 8 for an update, 18 for a sum; 1 to 32.
 * @throws RangeError if the vector is not of the SRS's length, a lane out of range, or a blinding coefficient
 * not below r.
 */
export async function commit(srs: Srs, vector: CommittedVector, bits: number): Promise<G1Point> {
  const { lanes, blinding } = vector;
  if (!Number.isInteger(bits) || bits < 1 || bits > 32)
    throw new RangeError(`bits is ${bits}, but a lane has 1 to 32`);
  checkLength(srs, lanes.length);
  blinding.forEach((value, i) => void checkField(`blinding[${i}]`, value));
  const offset = 2 ** (bits - 1);
  const size = Math.ceil(bits / 8);
  const shifted = new Uint8Array(lanes.length * size);
  for (let j = 0; j < lanes.length; j++) {
    const value = lanes[j]! + offset;
    if (!Number.isInteger(value) || value < 0 || value >= 2 * offset) {
      throw new RangeError(
        `lane ${j} is ${lanes[j]}, but a lane of ${bits} bits lies in [${-offset}, ${offset})`,
      );
    }
    for (let byte = 0; byte < size; byte++) shifted[j * size + byte] = Math.floor(value / 256 ** byte) % 256;
  }
  const small = await srs.bases.sum(shifted, size, bits);
  const blinds = await srs.bases.sum(packLittle(blinding), 32, 254, lanes.length);
  const shift = (await sumOfBases(srs.bases, lanes.length)).multiply(BigInt(offset));
  return g1ToPoint(parseG1('sum', small).add(parseG1('blinding', blinds)).subtract(shift));
}

const sums = new WeakMap<Bases, Map<number, Promise<G1>>>();

/** `sum_j P_j` over the first `length` bases, kept for as long as the SRS. */
function sumOfBases(bases: Bases, length: number): Promise<G1> {
  const ofBases = sums.get(bases) ?? new Map<number, Promise<G1>>();
  sums.set(bases, ofBases);
  const known =
    ofBases.get(length) ?? bases.sum(new Uint8Array(length).fill(1), 1, 1).then((sum) => parseG1('sum', sum));
  ofBases.set(length, known);
  return known;
}

/**
 * `sum_i w_i C_i`, as the contract keeps it: what opens to the weighted sum of the vectors and of the
 * blindings.
 */
export function combine(commitments: readonly G1Point[], weights: readonly number[]): G1Point {
  if (commitments.length === 0 || commitments.length !== weights.length) {
    throw new RangeError(
      `${commitments.length} commitments and ${weights.length} weights; give one weight each, at least one`,
    );
  }
  const terms = commitments.map((commitment, i) => {
    const weight = weights[i]!;
    if (!Number.isSafeInteger(weight) || weight < 1) {
      throw new RangeError(`weights[${i}] is ${weight}, but a weight is a positive integer`);
    }
    return parseG1(`commitments[${i}]`, commitment).multiply(BigInt(weight));
  });
  return g1ToPoint(terms.reduce((sum, term) => sum.add(term)));
}
