// Honest inputs of the three circuits at any size, computed without the circuits.

import { type CircuitInstance, type CircuitName, circuitInstance } from '@murmuration/circuits';
import { type Blinding, blindingOf } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { pack } from '../../../prover/packing.ts';
import { sponge } from '../../../prover/sponge.ts';
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
  const { normBound, ...rest } = await updateInput(instance, vector, gamma);
  return { ...rest, norm: normBound! };
}

/** Inputs of `alignment`. */
export async function alignmentInput(
  { parameters, domains }: CircuitInstance,
  update: Vector,
  reference: Vector,
): Promise<WitnessInput> {
  const { bits, referenceBits } = parameters;
  return {
    hUpdate: [await spongeOf(update, bits!, domains[0]!)],
    hReference: [await spongeOf(reference, referenceBits!, domains[1]!)],
    score: [toField(dot(update, reference))],
    norm: [dot(update, update)],
    lanes: lanesOf(update, bits!),
    rho: update.rho,
    referenceLanes: lanesOf(reference, referenceBits!),
    referenceRho: reference.rho,
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
