// The walk over a witness: every entry is changed alone, and some constraint must fail.
import { fieldOrder as R } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { source } from '../../vectors/random.ts';
import type { Attacked } from './instance.ts';
import { type Combination, evaluate, type System, wiresOf } from './system.ts';

/** Wires that can be changed alone without breaking a constraint. */
export function survivorsOf({ system, booleans }: Attacked, witness: readonly bigint[]): number[] {
  const random = source('walk');
  const survivors = new Set<number>();
  const walk = walker(system, witness);
  for (let wire = 1; wire < system.wires; wire++) {
    const value = witness[wire]!;
    const changes = [value + 1n, random.word(), R - value, booleans.has(wire) ? 1n - value : 0n];
    for (const change of changes.map(toField)) {
      if (change !== value && !walk(wire, change)) survivors.add(wire);
    }
  }
  return [...survivors];
}

/**
 * For one changed entry at a time: whether some constraint fails. Only those that mention it are looked at.
 */
function walker({ constraints, wires }: System, witness: readonly bigint[]) {
  const users: number[][] = Array.from({ length: wires }, () => []);
  constraints.forEach((constraint, index) => {
    for (const wire of wiresOf(constraint)) users[wire]!.push(index);
  });
  const values = constraints.map(({ a, b, c }) => [a, b, c].map((terms) => evaluate(terms, witness)));
  return (wire: number, value: bigint): boolean => {
    const step = value - witness[wire]!;
    return users[wire]!.some((index) => {
      const { a, b, c } = constraints[index]!;
      const [left, right, result] = [a, b, c].map(
        (terms: Combination, i) => values[index]![i]! + (terms.get(wire) ?? 0n) * step,
      ) as [bigint, bigint, bigint];
      return (left * right - result) % R !== 0n;
    });
  };
}
