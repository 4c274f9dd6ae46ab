// A compiled instance as an attacker sees it: its constraints, where its inputs lie, and which wires are
// digits of what.

import { type CircuitInstance, type CircuitName, ensureInstance } from '@murmuration/circuits';
import { blindingCoefficients } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import {
  loadWitnessCalculator,
  type WitnessCalculator,
  type WitnessInput,
} from '../../../prover/witness/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { booleanWire, digitsOf } from './digits.ts';
import { solve } from './solve.ts';
import { readSystem, type System, wiresOf } from './system.ts';

/**
 * Wires that are the binary digits of a value, least significant first, and the constraint that makes them
 * so.
 */
export interface Digits {
  readonly constraint: number;
  readonly bits: readonly number[];
}

export interface Attacked {
  readonly system: System;
  readonly calculator: WitnessCalculator;
  /** The wire of an input's element. */
  wire(name: string, index?: number): number;
  /** The range check of a private input's element. */
  digitsAt(name: string, index: number): Digits;
  /** The range check of the difference between bound and norm (`update` alone has one). */
  readonly slack: Digits | undefined;
  /** Wires that a boolean constraint holds. */
  readonly booleans: ReadonlySet<number>;
  /**
   * A whole assignment from private inputs and whichever public ones are given, made to fit as far as it
   * goes: digits are the low bits of what they should be, every other wire follows, and so do public signals
   * that are not given.
   */
  forge(input: WitnessInput): bigint[];
}

/** Compiles an instance and reads it. */
export async function attack(instance: CircuitInstance): Promise<Attacked> {
  const artifact = await ensureInstance(instance, { cacheFolder });
  const system = readSystem(artifact.r1cs.path);
  const inputs = layout(instance, artifact.publicSignals);
  const wire = (name: string, index = 0): number => {
    const range = inputs.get(name);
    if (!range || index >= range.length) throw new RangeError(`no input ${name}[${index}]`);
    return range.start + index;
  };
  const booleans = new Set(
    system.constraints.map(booleanWire).filter((one): one is number => one !== undefined),
  );
  const groups = system.constraints.flatMap((constraint, index): Digits[] => {
    const bits = digitsOf(constraint, booleans);
    return bits ? [{ constraint: index, bits }] : [];
  });
  const vectors = ['lanes', 'referenceLanes'].filter((name) => inputs.has(name));
  const laneWires = new Map(
    vectors.flatMap((name) =>
      Array.from({ length: inputs.get(name)!.length }, (_, i) => [wire(name, i), name]),
    ),
  );
  const byLane = new Map<number, Digits>();
  let slack: Digits | undefined;
  for (const group of groups) {
    const lanes = wiresOf(system.constraints[group.constraint]!).filter((one) => laneWires.has(one));
    if (lanes.length === 1) byLane.set(lanes[0]!, group);
    else slack = group;
  }
  const digitsAt = (name: string, index: number): Digits => byLane.get(wire(name, index))!;

  const forge = (input: WitnessInput): bigint[] => {
    const chosen = new Map<number, bigint>();
    const given = new Map<number, bigint>();
    for (const [name, values] of Object.entries(input)) {
      values.forEach((value, i) => {
        const own = wire(name, i);
        given.set(own, toField(value));
        // What the circuit computes is set after the rest, so that only its own check can fail.
        if (['h', 'y', 'norm', 'hUpdate', 'hReference', 'score'].includes(name)) return;
        chosen.set(own, toField(value));
        if (vectors.includes(name)) setDigits(chosen, digitsAt(name, i), toField(value));
      });
    }
    if (slack) {
      const half = 2n ** BigInt(instance.parameters.bits! - 1);
      const norm = input.lanes!.reduce((sum, lane) => sum + (lane - half) ** 2n, 0n);
      setDigits(chosen, slack, toField(input.normBound![0]! - norm));
    }
    const { witness } = solve(system, chosen);
    for (const [own, value] of given) witness[own] = value;
    return witness;
  };
  return {
    system,
    calculator: await loadWitnessCalculator(artifact.id, artifact.wasm.path),
    wire,
    digitsAt,
    slack,
    booleans,
    forge,
  };
}

function setDigits(chosen: Map<number, bigint>, { bits }: Digits, value: bigint): void {
  bits.forEach((bit, i) => void chosen.set(bit, (value >> BigInt(i)) & 1n));
}

interface Range {
  readonly start: number;
  readonly length: number;
}

/**
 * circom puts the constant first, then the public inputs, then the private ones, each in order of
 * declaration.
 */
function layout({ circuit, parameters }: CircuitInstance, publics: readonly string[]): Map<string, Range> {
  const privates: Record<CircuitName, [string, number][]> = {
    update: [
      ['lanes', parameters.n!],
      ['rho', blindingCoefficients],
    ],
    aggregate: [
      ['lanes', parameters.n!],
      ['rho', blindingCoefficients],
    ],
    alignment: [
      ['lanes', parameters.n!],
      ['rho', blindingCoefficients],
      ['referenceLanes', parameters.n!],
      ['referenceRho', blindingCoefficients],
    ],
  };
  const ranges = new Map<string, Range>();
  let start = 1;
  for (const [name, length] of [...publics.map((one): [string, number] => [one, 1]), ...privates[circuit]]) {
    ranges.set(name, { start, length });
    start += length;
  }
  return ranges;
}
