// The parameters of Poseidon over BN254's scalar field (Grassi et al. 2021, https://eprint.iacr.org/2019/458): numbers of
// rounds as circomlib chose them, constants and matrix from the Grain register of appendix F, so that nobody chose them.
import { fieldOrder } from '@murmuration/core';
import { invertAll } from '../keys/field.ts';

/** Rounds with an S-box at every element, half of them before and half after the partial rounds. */
export const fullRounds = 8;

/** Rounds with one S-box, for widths from 2 on; of circomlib's templates. */
const partialRoundsOf = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

/** One permutation; every number in [0, r). */
export interface Parameters {
  /** Elements of the state: one more than inputs. */
  readonly width: number;
  readonly partialRounds: number;
  /** `width` numbers for each round, added at its beginning. */
  readonly constants: readonly (readonly bigint[])[];
  /** Rows of the matrix by which every round ends. */
  readonly matrix: readonly (readonly bigint[])[];
}

const known = new Map<number, Parameters>();

/** @param width 2 to 17. */
export function poseidonParameters(width: number): Parameters {
  const parameters = known.get(width) ?? deriveParameters(width);
  known.set(width, parameters);
  return parameters;
}

function deriveParameters(width: number): Parameters {
  const partialRounds = partialRoundsOf[width - 2]!;
  const bits = grain(width, partialRounds);
  const integer = () => {
    let text = '0b';
    for (let i = 0; i < fieldBits; i++) text += bits();
    return BigInt(text);
  };
  const element = (): bigint => {
    const value = integer();
    return value < fieldOrder ? value : element();
  };
  const list = (length: number, make: () => bigint) => Array.from({ length }, make);
  const constants = Array.from({ length: fullRounds + partialRounds }, () => list(width, element));
  // A Cauchy matrix; equal numbers or a sum of 0, which the paper draws again, are none of these widths.
  const points = list(2 * width, () => integer() % fieldOrder);
  const inverses = invertAll(
    points.slice(0, width).flatMap((x) => points.slice(width).map((y) => (x + y) % fieldOrder)),
  );
  const matrix = Array.from({ length: width }, (_, i) => inverses.slice(i * width, (i + 1) * width));
  return { width, partialRounds, constants, matrix };
}

const fieldBits = 254;
/** Bits of the register, from which the next one is made. */
const registerBits = 80;

/** The bits of the Grain register that is filled with the permutation's own figures. */
function grain(width: number, partialRounds: number): () => number {
  const figures: readonly [value: number, bits: number][] = [
    [1, 2], // a prime field
    [0, 4], // the S-box is a power
    [fieldBits, 12],
    [width, 12],
    [fullRounds, 10],
    [partialRounds, 10],
    [2 ** 30 - 1, 30],
  ];
  const text = figures.map(([value, bits]) => value.toString(2).padStart(bits, '0')).join('');
  const sequence = new Uint8Array(1 << 14);
  sequence.set(Array.from(text, Number));
  let end = registerBits;
  const next = (): number => {
    if (end === sequence.length) {
      sequence.copyWithin(0, end - registerBits);
      end = registerBits;
    }
    const at = (tap: number) => sequence[end - registerBits + tap]!;
    const bit = at(0) ^ at(13) ^ at(23) ^ at(38) ^ at(51) ^ at(62);
    sequence[end++] = bit;
    return bit;
  };
  for (let i = 0; i < 160; i++) next();
  return () => {
    // Of each pair whose first bit is 1 the second counts.
    while (next() === 0) next();
    return next();
  };
}
