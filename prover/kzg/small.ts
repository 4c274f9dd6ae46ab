// Sums of multiples of fixed points by small signed numbers: coordinates of a vector, references.
//
// They take a short way: each number `u` becomes a lane `u + 2^(bits-1) >= 0`, one window of buckets takes all bits of
// the lanes, and the constant `2^(bits-1) sum_j P_j` is subtracted, which is computed once for each stretch of points.
import type { Bases } from './msm.ts';
import { type G1, parseG1 } from './points.ts';

/** Which points small numbers multiply, and how large the numbers are. */
export interface SmallForm {
  /** Numbers lie in [-2^(bits-1), 2^(bits-1)); 1 to 32. */
  readonly bits: number;
  /** The first point; 0 unless given. */
  readonly first?: number;
}

/**
 * `sum_j u_j P_(first + j)`.
 *
 * @param values integers in the range of the form, which the caller has checked.
 */
export async function sumOfSmall(
  bases: Bases,
  values: ArrayLike<number>,
  { bits, first = 0 }: SmallForm,
): Promise<G1> {
  const offset = 2 ** (bits - 1);
  const size = Math.ceil(bits / 8);
  const lanes = new Uint8Array(values.length * size);
  for (let j = 0; j < values.length; j++) {
    const lane = values[j]! + offset;
    for (let byte = 0; byte < size; byte++) lanes[j * size + byte] = lane / 256 ** byte;
  }
  const sum = parseG1('sum', await bases.sum(lanes, { size, bits, first }));
  return sum.subtract(await shiftOf(bases, { count: values.length, bits, first }));
}

const shifts = new WeakMap<Bases, Map<string, Promise<G1>>>();

/** `2^(bits-1) sum_j P_(first + j)`, kept for as long as the bases. */
function shiftOf(
  bases: Bases,
  { count, bits, first }: Required<SmallForm> & { readonly count: number },
): Promise<G1> {
  const ofBases = shifts.get(bases) ?? new Map<string, Promise<G1>>();
  shifts.set(bases, ofBases);
  const name = `${first} ${count} ${bits}`;
  const known =
    ofBases.get(name) ??
    bases
      .sum(new Uint8Array(count).fill(1), { size: 1, bits: 1, first })
      .then((sum) => parseG1('sum', sum).multiply(2n ** BigInt(bits - 1)));
  ofBases.set(name, known);
  return known;
}
