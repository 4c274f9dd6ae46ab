// Which wires follow from chosen ones, constraint by constraint, and their values: the attacker's own witness
// generator. It fills in all that the chosen values define, and leaves the checks to hold or to fail.
import { fieldOrder as R } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import type { Combination, Constraint, System } from './system.ts';

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
  const factorsWith = constraintsByFactor(system);
  // Whether A and B are known is asked again only where something has become known of one of their wires.
  const changed = new Uint8Array(system.constraints.length).fill(1);
  const onPivot = (wire: number) => {
    for (const index of factorsWith.get(wire) ?? []) changed[index] = 1;
  };
  let pending = system.constraints.map((_, index) => index);
  for (let before = -1; before !== pending.length; ) {
    before = pending.length;
    pending = pending.filter((index) => {
      if (changed[index] === 0) return true;
      changed[index] = 0;
      const { a, b, c } = system.constraints[index]!;
      const [left, right] = [reduce(a, pivots), reduce(b, pivots)];
      if (left.terms.size > 0 || right.terms.size > 0) return true;
      const { terms, constant } = reduce(c, pivots);
      const rest = toField(left.constant * right.constant - constant);
      if (terms.size === 0) {
        if (rest !== 0n) failed.push(index);
        return false;
      }
      addPivot(terms, rest, { pivots, mentions, onPivot });
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
  const sums = new Map<number, bigint>();
  let constant = 0n;
  const add = (wire: number, value: bigint) => void sums.set(wire, (sums.get(wire) ?? 0n) + value);
  for (const [wire, coefficient] of combination) {
    const pivot = pivots.get(wire);
    if (!pivot) {
      add(wire, coefficient);
      continue;
    }
    constant += coefficient * pivot.constant;
    for (const [other, factor] of pivot.terms) add(other, coefficient * factor);
  }
  // Once at the end: taking the remainder is what costs.
  const terms = new Map<number, bigint>();
  for (const [wire, sum] of sums) {
    const rest = toField(sum);
    if (rest !== 0n) terms.set(wire, rest);
  }
  return { terms, constant: toField(constant) };
}

const byFactor = new WeakMap<readonly Constraint[], ReadonlyMap<number, readonly number[]>>();

/** The constraints that have a wire in A or B, by the wire. */
function constraintsByFactor({ constraints }: System): ReadonlyMap<number, readonly number[]> {
  const known = byFactor.get(constraints);
  if (known) return known;
  const found = new Map<number, number[]>();
  for (const [index, { a, b }] of constraints.entries())
    for (const wire of new Set([...a.keys(), ...b.keys()])) {
      const others = found.get(wire);
      if (others) others.push(index);
      else found.set(wire, [index]);
    }
  byFactor.set(constraints, found);
  return found;
}

interface Pivots {
  readonly pivots: Map<number, Affine>;
  readonly mentions: Map<number, Set<number>>;
  /** Hears of each wire of which something else is known than before. */
  readonly onPivot: (wire: number) => void;
}

/** Takes `sum terms = rest` in: one wire becomes a pivot, and vanishes from the others. */
function addPivot(terms: Map<number, bigint>, rest: bigint, { pivots, mentions, onPivot }: Pivots): void {
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
    onPivot(user);
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
  onPivot(wire);
}

/** Coefficients are few: 1, -1, powers of 2, the constants of a mix. */
const inverses = new Map<bigint, bigint>();

function inverse(value: bigint): bigint {
  const known = inverses.get(value);
  if (known !== undefined) return known;
  let result = 1n;
  for (let base = value, left = R - 2n; left > 0n; left >>= 1n, base = (base * base) % R) {
    if (left & 1n) result = (result * base) % R;
  }
  inverses.set(value, result);
  return result;
}
