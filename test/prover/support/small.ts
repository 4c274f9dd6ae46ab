// A quadratic statement in a handful of constraints, as R1CS and witness, without circom: what keys are made
// of, seen whole.
import { fieldOrder as R } from '@murmuration/core';
import type { R1cs } from '../../../prover/keys/r1cs.ts';

/** A constraint: A times B is C. */
export type Row = readonly [a: Terms, b: Terms, c: Terms];
type Terms = readonly (readonly [wire: number, coefficient: bigint])[];

/** Wires: 1, then public x and out, then private a, b. a = x * x; b = a * x; out = b + x + 5 (times 1). */
const rows: Row[] = [
  [[[1, 1n]], [[1, 1n]], [[3, 1n]]],
  [[[3, 1n]], [[1, 1n]], [[4, 1n]]],
  [
    [
      [4, 1n],
      [1, 1n],
      [0, 5n],
    ],
    [[0, 1n]],
    [[2, 1n]],
  ],
];

/** Constraints as a circuit with two public signals. */
export const r1csOf = (constraints: readonly Row[], wires: number): R1cs => ({
  wires,
  publics: 2,
  constraints: constraints.length,
  forEachTerm(visit) {
    constraints.forEach((row, constraint) => {
      row.forEach((terms, matrix) => {
        for (const [wire, coefficient] of terms) visit(matrix as 0 | 1 | 2, constraint, wire, coefficient);
      });
    });
  },
});

export const cubic = r1csOf(rows, 5);

/** The witness for x. */
export function cubicWitness(x: bigint): bigint[] {
  const a = (x * x) % R;
  const b = (a * x) % R;
  return [1n, x, (b + x + 5n) % R, a, b];
}
