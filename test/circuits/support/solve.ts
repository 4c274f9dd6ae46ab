// Which wires follow from chosen ones, constraint by constraint, and their values: the attacker's own witness
// generator. It fills in all that the chosen values define, and leaves the checks to hold or to fail.
import { fieldOrder as R } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import type { Combination, System } from './system.ts';

export interface Solution {
  /** The assignment; wires that nothing determines are as in the base. */
  readonly witness: bigint[];
  /** Constraints that the chosen values already decided, and that fail. */
  readonly failed: readonly number[];
  /** Wires that the chosen values do not determine. */
  readonly free: readonly number[];
}

/** `pivot = constant + sum terms`, with no other pivot in the terms. */
interface Affine {
  readonly terms: Map<number, bigint>;
  constant: bigint;
}

/**
 * Starts from chosen wires and takes every constraint `A B = C` whose A and B have become known: it is linear
 * in what C still lacks, and linear algebra does the rest. Everything else is left free, so what is found is
 * determined.
 */
export function solve(
  system: System,
  chosen: ReadonlyMap<number, bigint>,
  base: readonly bigint[] = [],
): Solution {
  const pivots = new Map<number, Affine>([[0, { terms: new Map(), constant: 1n }]]);
  for (const [wire, value] of chosen) pivots.set(wire, { terms: new Map(), constant: value });
  /** Pivots whose terms mention a wire. */
  const mentions = new Map<number, Set<number>>();
  const failed: number[] = [];
  let pending = system.constraints.map((_, index) => index);
  for (let before = -1; before !== pending.length; ) {
    before = pending.length;
    pending = pending.filter((index) => {
      const { a, b, c } = system.constraints[index]!;
      const [left, right] = [reduce(a, pivots), reduce(b, pivots)];
      if (left.terms.size > 0 || right.terms.size > 0) return true;
      const { terms, constant } = reduce(c, pivots);
      const rest = toField(left.constant * right.constant - constant);
      if (terms.size === 0) {
        if (rest !== 0n) failed.push(index);
        return false;
      }
      addPivot(terms, rest, pivots, mentions);
      return false;
    });
  }
  const witness = Array.from({ length: system.wires }, (_, wire) => base[wire] ?? 0n);
  const free: number[] = [];
  for (let wire = 0; wire < system.wires; wire++) {
    const pivot = pivots.get(wire);
    if (pivot?.terms.size === 0) witness[wire] = pivot.constant;
    else free.push(wire);
  }
  return { witness, failed, free };
}

function reduce(combination: Combination, pivots: ReadonlyMap<number, Affine>): Affine {
  const terms = new Map<number, bigint>();
  let constant = 0n;
  const add = (wire: number, coefficient: bigint) => {
    const sum = toField((terms.get(wire) ?? 0n) + coefficient);
    if (sum === 0n) terms.delete(wire);
    else terms.set(wire, sum);
  };
  for (const [wire, coefficient] of combination) {
    const pivot = pivots.get(wire);
    if (!pivot) {
      add(wire, coefficient);
      continue;
    }
    constant += coefficient * pivot.constant;
    for (const [other, factor] of pivot.terms) add(other, coefficient * factor);
  }
  return { terms, constant: toField(constant) };
}

/** Takes `sum terms = rest` in: one wire becomes a pivot, and vanishes from the others. */
function addPivot(
  terms: Map<number, bigint>,
  rest: bigint,
  pivots: Map<number, Affine>,
  mentions: Map<number, Set<number>>,
): void {
  const [[wire, coefficient]] = [...terms] as [[number, bigint]];
  const scale = inverse(coefficient);
  terms.delete(wire);
  const own = { terms: new Map<number, bigint>(), constant: toField(rest * scale) };
  for (const [other, value] of terms) {
    own.terms.set(other, toField(-value * scale));
    if (!mentions.has(other)) mentions.set(other, new Set());
    mentions.get(other)!.add(wire);
  }
  for (const user of mentions.get(wire) ?? []) {
    const row = pivots.get(user)!;
    const factor = row.terms.get(wire)!;
    row.terms.delete(wire);
    row.constant = toField(row.constant + factor * own.constant);
    for (const [other, value] of own.terms) {
      const sum = toField((row.terms.get(other) ?? 0n) + factor * value);
      if (sum === 0n) {
        row.terms.delete(other);
        mentions.get(other)!.delete(user);
      } else {
        row.terms.set(other, sum);
        mentions.get(other)!.add(user);
      }
    }
  }
  mentions.delete(wire);
  pivots.set(wire, own);
}

function inverse(value: bigint): bigint {
  let result = 1n;
  for (let base = value, left = R - 2n; left > 0n; left >>= 1n, base = (base * base) % R) {
    if (left & 1n) result = (result * base) % R;
  }
  return result;
}
