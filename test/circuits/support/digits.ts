// Range checks as they stand in a constraint system: boolean wires, and the constraints that make them an
// integer's digits.
import { fieldOrder as R } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { type Combination, type Constraint, wiresOf } from './system.ts';

/** The wire that a constraint holds to 0 and 1, if it is `x (x - 1) = 0` up to a factor. */
export function booleanWire(constraint: Constraint): number | undefined {
  const [wire, ...more] = wiresOf(constraint);
  if (wire === undefined || more.length > 0) return undefined;
  const root = (x: bigint) => {
    const at = (terms: Combination) => (terms.get(0) ?? 0n) + (terms.get(wire) ?? 0n) * x;
    return (at(constraint.a) * at(constraint.b) - at(constraint.c)) % R === 0n;
  };
  const quadratic = (constraint.a.get(wire) ?? 0n) * (constraint.b.get(wire) ?? 0n) !== 0n;
  return quadratic && root(0n) && root(1n) ? wire : undefined;
}

/**
 * Whether a constraint makes boolean wires the binary digits of what else it mentions: `L (L - 1) = 0` where
 * L holds each of `bits` with the coefficient of a different power of two, `-2^i / 2^n` for i below n. Then L
 * and the bits are the digits of one integer below 2^(n+1), and unique. Returns the bits, least significant
 * first.
 */
export function digitsOf({ a, b, c }: Constraint, bits: ReadonlySet<number>): number[] | undefined {
  if ([...c].some(([, coefficient]) => coefficient !== 0n)) return undefined;
  const difference = new Set([...a.keys(), ...b.keys()]);
  for (const wire of difference) {
    const gap = toField((a.get(wire) ?? 0n) - (b.get(wire) ?? 0n));
    if (wire === 0 ? gap !== 1n && gap !== R - 1n : gap !== 0n) return undefined;
  }
  const top = 2n ** BigInt([...a.keys()].filter((wire) => bits.has(wire)).length);
  const byExponent = new Map<bigint, number>();
  for (const [wire, coefficient] of a) {
    if (bits.has(wire)) byExponent.set(toField(-coefficient * top), wire);
  }
  const digits: number[] = [];
  for (let power = 1n; power < top; power *= 2n) {
    const wire = byExponent.get(power);
    if (wire === undefined) return undefined;
    digits.push(wire);
  }
  return digits.length > 0 ? digits : undefined;
}
