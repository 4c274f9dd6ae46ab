// Partial rounds with sparse matrices (Grassi et al. 2021, appendix B): the same permutation with a tenth of its products.
//
// A partial round changes one element by its S-box, so whatever acts on the others alone may be done before or after it.
// Constants of the others go through the matrix into the next round. With `M = [[m, v], [w, N]]` and `D = diag(1, N^j)`,
// `D M = [[m, v N^-(j+1)], [N^j w, 1]] diag(1, N^(j+1))`: from the last partial round to the first, the dense part moves
// ahead through the S-box, and what is left of each matrix has a row, a column, and ones.
import { fieldOrder as R } from '@murmuration/core';
import { invertAll } from '../keys/field.ts';
import { fullRounds, type Parameters } from './parameters.ts';

/** A round with an S-box at every element. */
export interface FullRound {
  /** Added before the S-boxes. */
  readonly constants: readonly bigint[];
  /** Rows. */
  readonly matrix: Matrix;
}

/** A round with an S-box at the first element. */
export interface SparseRound {
  /** Added to the first element, before its S-box. */
  readonly constant: bigint;
  /** The new first element is the inner product of all elements with this. */
  readonly row: readonly bigint[];
  /** What the first element after its S-box is multiplied by and added to each of the others. */
  readonly column: readonly bigint[];
}

/** The rounds of a permutation in their order. */
export interface SparseRounds {
  readonly first: readonly FullRound[];
  readonly partial: readonly SparseRound[];
  readonly last: readonly FullRound[];
}

type Matrix = readonly (readonly bigint[])[];

/** Rewrites the rounds of a permutation. */
export function sparseRounds({ constants, matrix, partialRounds }: Parameters): SparseRounds {
  const half = fullRounds / 2;
  const [top, ...lower] = matrix as [readonly bigint[], ...bigint[][]];
  const [corner, ...across] = top as [bigint, ...bigint[]];
  const rest = lower.map((row) => row.slice(1));
  const columns = transposed(invertMatrix(rest));
  // From the last partial round to the first.
  const partial: { row: bigint[]; column: bigint[] }[] = [];
  let row = timesVector(columns, across);
  let column = lower.map(([first]) => first!);
  for (let j = 0; j < partialRounds; j++) {
    partial.unshift({ row: [corner, ...row], column });
    row = timesVector(columns, row);
    column = timesVector(rest, column);
  }
  const dense = powerOfMatrix(rest, partialRounds + 1);
  const entry = [top, ...dense.map((values, i) => [column[i]!, ...values])];
  // Constants of all but the first element, through the matrix into the next round.
  let carried: bigint[] = matrix.map(() => 0n);
  const firsts = constants.slice(half, half + partialRounds).map((added) => {
    const [first, ...others] = sumOf(added, carried);
    carried = timesVector(matrix, [0n, ...others]);
    return first!;
  });
  const full = (list: typeof constants): FullRound[] => list.map((added) => ({ constants: added, matrix }));
  const first = full(constants.slice(0, half));
  const last = full(constants.slice(half + partialRounds));
  return {
    first: first.with(-1, { ...first.at(-1)!, matrix: entry }),
    partial: partial.map((round, i) => ({ ...round, constant: firsts[i]! })),
    last: last.with(0, { ...last[0]!, constants: sumOf(last[0]!.constants, carried) }),
  };
}

const sumOf = (a: readonly bigint[], b: readonly bigint[]): bigint[] => a.map((x, i) => (x + b[i]!) % R);

const transposed = (matrix: Matrix): bigint[][] => matrix.map((_, j) => matrix.map((row) => row[j]!));

const timesVector = (matrix: Matrix, vector: readonly bigint[]): bigint[] =>
  matrix.map((row) => row.reduce((sum, factor, j) => sum + factor * vector[j]!, 0n) % R);

function product(a: Matrix, b: Matrix): bigint[][] {
  const columns = transposed(b);
  return a.map((row) => timesVector(columns, row));
}

/** @param exponent is positive. */
function powerOfMatrix(matrix: Matrix, exponent: number): Matrix {
  if (exponent === 1) return matrix;
  const half = powerOfMatrix(matrix, exponent >> 1);
  const square = product(half, half);
  return exponent % 2 === 1 ? product(square, matrix) : square;
}

/** Gauss and Jordan's elimination; blocks of a Cauchy matrix never have a pivot of 0. */
function invertMatrix(matrix: Matrix): bigint[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))]);
  for (let i = 0; i < size; i++) {
    const [scale] = invertAll([rows[i]![i]!]);
    rows[i] = rows[i]!.map((value) => (value * scale!) % R);
    for (let k = 0; k < size; k++) {
      if (k === i) continue;
      const factor = R - rows[k]![i]!;
      rows[k] = rows[k]!.map((value, j) => (value + factor * rows[i]![j]!) % R);
    }
  }
  return rows.map((row) => row.slice(size));
}
