// A constraint system read from the .r1cs file and evaluated on its own, without the generator that made the
// witness: what holds here is what a proof proves.

import { readFileSync } from 'node:fs';
import { fieldOrder as R } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { parseR1cs } from '../../../prover/keys/r1cs.ts';

/** A linear combination: coefficients by wire. Wire 0 is the constant 1. */
export type Combination = ReadonlyMap<number, bigint>;

/** `<a, w> <b, w> = <c, w>`. */
export interface Constraint {
  readonly a: Combination;
  readonly b: Combination;
  readonly c: Combination;
}

export interface System {
  readonly wires: number;
  /** Public signals are wires 1 to this. */
  readonly publics: number;
  readonly constraints: readonly Constraint[];
}

/** Reads an .r1cs file. */
export function readSystem(path: string): System {
  const { wires, publics, constraints: count, forEachTerm } = parseR1cs(path, readFileSync(path));
  const constraints = Array.from({ length: count }, () => [
    new Map<number, bigint>(),
    new Map<number, bigint>(),
    new Map<number, bigint>(),
  ]);
  forEachTerm((matrix, index, wire, coefficient) => void constraints[index]![matrix]!.set(wire, coefficient));
  return {
    wires,
    publics,
    constraints: constraints.map(([a, b, c]) => ({ a: a!, b: b!, c: c! })),
  };
}

/** The value of a combination. */
export function evaluate(combination: Combination, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of combination) sum += coefficient * witness[wire]!;
  return toField(sum);
}

/** Whether a constraint holds. */
export function holds({ a, b, c }: Constraint, witness: readonly bigint[]): boolean {
  return (evaluate(a, witness) * evaluate(b, witness) - evaluate(c, witness)) % R === 0n;
}

/** The indices of the constraints that fail; none for a witness. */
export function violations({ constraints }: System, witness: readonly bigint[]): number[] {
  return constraints.flatMap((constraint, index) => (holds(constraint, witness) ? [] : [index]));
}

/** The wires that a constraint mentions, without the constant. */
export function wiresOf({ a, b, c }: Constraint): number[] {
  return [...new Set([...a.keys(), ...b.keys(), ...c.keys()])].filter((wire) => wire !== 0);
}
