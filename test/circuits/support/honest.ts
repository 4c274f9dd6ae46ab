// Honest inputs of the three circuits at any size, computed without the circuits.

import { type CircuitInstance, type CircuitName, circuitInstance } from '@murmuration/circuits';
import { type Blinding, blindingOf } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { encodeFigures, figuresOf, noTotals, type Totals } from '../../../prover/figures.ts';
import { pack } from '../../../prover/packing.ts';
import { sponge, totalsHash } from '../../../prover/sponge.ts';
import type { WitnessInput } from '../../../prover/witness/index.ts';
import { source } from '../../vectors/random.ts';

/** Signed coordinates and blinding. */
export interface Vector {
  readonly coordinates: readonly number[];
  readonly rho: Blinding;
}

/** A reproducible vector; coordinates uniform in [low, high], by default the whole range. */
export function randomVector(
  label: string,
  n: number,
  bits: number,
  low = -(2 ** (bits - 1)),
  high = -low - 1,
): Vector {
  const random = source(label);
  return {
    coordinates: Array.from({ length: n }, () => random.integer(low, high)),
    rho: blindingOf(() => toField(random.word())),
  };
}

/** f(gamma) by Horner's rule. */
export function evaluateAt({ coordinates, rho }: Vector, gamma: bigint): bigint {
  return [...coordinates.map(BigInt), ...rho].reduceRight((sum, next) => toField(sum * gamma + next), 0n);
}

export function lanesOf({ coordinates }: Vector, bits: number): bigint[] {
  return coordinates.map((u) => BigInt(u + 2 ** (bits - 1)));
}

export async function spongeOf(vector: Vector, bits: number, domain: bigint): Promise<bigint> {
  return sponge(domain, [...pack(lanesOf(vector, bits).map(Number), bits), ...vector.rho]);
}

export const dot = (a: Vector, b: Vector): bigint =>
  a.coordinates.reduce((sum, value, j) => sum + BigInt(value) * BigInt(b.coordinates[j]!), 0n);

/** Inputs of `update`. The bound is the norm itself unless given. */
export async function updateInput(
  { parameters, domains }: CircuitInstance,
  vector: Vector,
  gamma: bigint,
  normBound: bigint = dot(vector, vector),
): Promise<WitnessInput> {
  return {
    h: [await spongeOf(vector, parameters.bits!, domains[0]!)],
    gamma: [gamma],
    y: [evaluateAt(vector, gamma)],
    normBound: [normBound],
    lanes: lanesOf(vector, parameters.bits!),
    rho: vector.rho,
  };
}

/** Inputs of `aggregate`. */
export async function aggregateInput(
  instance: CircuitInstance,
  vector: Vector,
  gamma: bigint,
): Promise<WitnessInput> {
  const { normBound: _, ...rest } = await updateInput(instance, vector, gamma);
  return rest;
}

/** What an alignment measures against, and what came before. */
export interface Measured {
  /** Up to seven groups' references. */
  readonly groups: readonly (readonly number[])[];
  readonly squaredLength: bigint;
  readonly first: boolean;
  readonly last: boolean;
  /** Totals before this chunk; where `first`, none. */
  readonly before: Totals & { readonly salt: bigint };
  readonly salt: bigint;
}

/** Inputs of `alignment`. */
export async function alignmentInput(
  { parameters, domains }: CircuitInstance,
  update: Vector,
  { groups, squaredLength, first, last, before, salt }: Measured,
): Promise<WitnessInput> {
  const packed = update.coordinates.map((_, j) =>
    toField(groups.reduce((sum, group, g) => sum + BigInt(group[j]!) * 2n ** BigInt(32 * g), 0n)),
  );
  const after: Totals = {
    products: before.products.map(
      (product, g) => product + (groups[g] ? dot(update, { ...update, coordinates: groups[g] }) : 0n),
    ),
    norm: before.norm + dot(update, update),
  };
  const hash = ({ products, norm }: Totals, by: bigint) => totalsHash(products, norm, by);
  return {
    hUpdate: [await spongeOf(update, parameters.bits!, domains[0]!)],
    before: [first ? 0n : await hash(before, before.salt)],
    out: [last ? encodeFigures(figuresOf(after, squaredLength)) : await hash(after, salt)],
    first: [first ? 1n : 0n],
    last: [last ? 1n : 0n],
    squaredLength: [squaredLength],
    references: packed,
    lanes: lanesOf(update, parameters.bits!),
    rho: update.rho,
    productsBefore: before.products.map(toField),
    normBefore: [before.norm],
    saltBefore: [before.salt],
    salt: [salt],
  };
}

/** The references of a chunk that is a whole round, unless changed. */
export function measuredAgainst(
  groups: readonly (readonly number[])[],
  changes: Partial<Measured> = {},
): Measured {
  const n = groups[0]?.length ?? 1;
  return {
    groups,
    squaredLength: BigInt(24 ** 2 * n),
    first: true,
    last: true,
    before: { ...noTotals, salt: 5n },
    salt: 6n,
    ...changes,
  };
}

/** An instance of another size, for tests alone. */
export function resized(
  circuit: CircuitName,
  name: string,
  parameters: Record<string, number>,
): CircuitInstance {
  return { ...circuitInstance(circuit, 'tiny'), preset: name, parameters };
}

/** With one input's elements replaced. */
export function edited(
  input: WitnessInput,
  name: string,
  changes: Readonly<Record<number, bigint>>,
): WitnessInput {
  const values = input[name]!.map((value, i) => changes[i] ?? value);
  return { ...input, [name]: values };
}

/** Without some inputs: forging then computes them. */
export function without(input: WitnessInput, ...names: string[]): WitnessInput {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)));
}
