// A compiled instance as an attacker sees it: its constraints, where its signals lie, and which wires are
// digits of what.

import { readFileSync } from 'node:fs';
import {
  type CircuitInstance,
  type CompiledSource,
  ensureInstance,
  ensureScoreInstance,
  ensureSource,
  type ScoreInstance,
} from '@murmuration/circuits';
import { toField } from '../../../prover/field.ts';
import {
  loadWitnessCalculator,
  type WitnessCalculator,
  type WitnessInput,
} from '../../../prover/witness/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { booleanWire, digitsOf } from './digits.ts';
import { solve } from './solve.ts';
import { evaluate, readSystem, type System, wiresOf } from './system.ts';

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
  /** The wires of signals inside of components, by a pattern of their names; those that were optimised away are left out. */
  wires(pattern: RegExp): number[];
  /** All range checks. */
  readonly digits: readonly Digits[];
  /** The range check of a private input's element. */
  digitsAt(name: string, index: number): Digits;
  /** The range checks of components whose bits' names match. */
  digitsOf(pattern: RegExp): Digits[];
  /** Wires that a boolean constraint holds. */
  readonly booleans: ReadonlySet<number>;
  /**
   * A whole assignment from private inputs and whichever public ones are given, made to fit as far as it
   * goes: digits are the low bits of what they should be, every other wire follows, and so do public signals
   * that are not given.
   *
   * @param hints are values of wires that inputs and digits leave to the prover.
   */
  forge(input: WitnessInput, hints?: ReadonlyMap<number, bigint>): bigint[];
}

/** Public signals that the circuit computes. */
const computed = ['h', 'y', 'hUpdate', 'before', 'out'];

/** Compiles an instance and reads it. */
export async function attack(instance: CircuitInstance): Promise<Attacked> {
  return attacked(await ensureInstance(instance, { cacheFolder, symbols: true }));
}

/** The same of the statement `score`. */
export async function attackScore(instance: ScoreInstance): Promise<Attacked> {
  return attacked(await ensureScoreInstance(instance, { cacheFolder, symbols: true }));
}

/** Compiles a main component of its own and reads it. */
export async function attackSource(id: string, body: string): Promise<Attacked> {
  const source = `pragma circom 2.1.6;\n${body}\n`;
  return attacked(await ensureSource(`test/${id}`, source, { cacheFolder, symbols: true }));
}

async function attacked(artifact: CompiledSource): Promise<Attacked> {
  const system = readSystem(artifact.r1cs.path);
  const names = readSymbols(artifact.symbols!.path);
  const wire = (name: string, index?: number): number => {
    const found = names.get(`main.${name}[${index ?? 0}]`) ?? (index ? undefined : names.get(`main.${name}`));
    if (found === undefined) throw new RangeError(`no input ${name}[${index}]`);
    return found;
  };
  const wires = (pattern: RegExp) =>
    [...names].flatMap(([name, found]) => (pattern.test(name.slice('main.'.length)) ? [found] : []));
  const booleans = new Set(
    system.constraints.map(booleanWire).filter((one): one is number => one !== undefined),
  );
  const digits = system.constraints.flatMap((constraint, index): Digits[] => {
    const bits = digitsOf(constraint, booleans);
    return bits ? [{ constraint: index, bits }] : [];
  });
  const byBit = new Map(digits.map((group) => [group.bits[0]!, group]));
  const matching = (pattern: RegExp) => [...new Set(wires(pattern))].flatMap((bit) => byBit.get(bit) ?? []);
  const lanes = new Set(wires(/^lanes\[/));
  const byLane = new Map<number, Digits>();
  for (const group of digits) {
    const mentioned = wiresOf(system.constraints[group.constraint]!).filter((one) => lanes.has(one));
    if (mentioned.length === 1) byLane.set(mentioned[0]!, group);
  }

  const forge = (input: WitnessInput, hints: ReadonlyMap<number, bigint> = new Map()): bigint[] => {
    const chosen = new Map(hints);
    const given = new Map<number, bigint>();
    for (const [name, values] of Object.entries(input)) {
      values.forEach((value, i) => {
        given.set(wire(name, i), toField(value));
        // What the circuit computes is set after the rest, so that only its own check can fail.
        if (!computed.includes(name)) chosen.set(wire(name, i), toField(value));
      });
    }
    let pending = digits.filter(({ bits }) => !bits.some((bit) => chosen.has(bit)));
    for (;;) {
      const { witness, free } = solve(system, chosen);
      const unknown = new Set(free);
      const ready = pending.filter(({ constraint, bits }) =>
        wiresOf(system.constraints[constraint]!).every((one) => bits.includes(one) || !unknown.has(one)),
      );
      if (ready.length === 0) {
        for (const [own, value] of given) witness[own] = value;
        return witness;
      }
      pending = pending.filter((group) => !ready.includes(group));
      for (const group of ready) setDigits(chosen, group, digitsValue(system, group, witness));
    }
  };
  return {
    system,
    calculator: await loadWitnessCalculator(artifact.id, artifact.wasm.path),
    wire,
    wires,
    digits,
    digitsAt: (name, index) => byLane.get(wire(name, index))!,
    digitsOf: matching,
    booleans,
    forge,
  };
}

/** What digits should be those of, modulo r: `2^n L` where all of them are zero, with L as in {@link digitsOf}. */
function digitsValue(
  { constraints }: System,
  { constraint, bits }: Digits,
  witness: readonly bigint[],
): bigint {
  const { a, b } = constraints[constraint]!;
  const digits = toField((a.get(0) ?? 0n) - (b.get(0) ?? 0n)) === 1n ? a : b;
  const without = [...witness];
  for (const bit of bits) without[bit] = 0n;
  return toField(evaluate(digits, without) << BigInt(bits.length));
}

/** Sets the digits to the low bits of a value. */
export function setDigits(chosen: Map<number, bigint>, { bits }: Digits, value: bigint): void {
  bits.forEach((bit, i) => void chosen.set(bit, (value >> BigInt(i)) & 1n));
}

/** Wires by the names of their signals. Lines are `signal, wire, component, name`; wire -1 was optimised away. */
function readSymbols(path: string): Map<string, number> {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const entries = lines
    .map((line) => line.split(','))
    .map(([, wire, , name]) => [name!, Number(wire)] as const);
  return new Map(entries.filter(([, wire]) => wire >= 0));
}
