// Circuit instances: the data of circuits.json, and the main component that circom is given for one of them.
import type { PresetName } from '@murmuration/core';
import data from './circuits.json' with { type: 'json' };
import { CircuitError } from './errors.ts';

/** The three statements; a circuit's place in this list is its id on chain (docs/encodings.md, "Presets"). */
export const circuitNames = ['update', 'aggregate', 'alignment'] as const;

/** Name of a statement's circuit. */
export type CircuitName = (typeof circuitNames)[number];

/** A template with numbers for its parameters. */
export interface CircuitInstance {
  /** The template's circuit. */
  readonly circuit: CircuitName;
  /** The preset's name, or a name that a test gives to a size of its own. */
  readonly preset: string;
  /** Positive integers by name; {@link mainSource} orders them as the template does. */
  readonly parameters: Readonly<Record<string, number>>;
  /** First states of the circuit's sponges, in the template's order; each in [0, r). */
  readonly domains: readonly bigint[];
}

/** What circuits.json expects of an instance: constraints by the part of the circuit that they come from. */
export type ConstraintCounts = Readonly<Record<string, number>>;

/**
 * The circuit of a name that came from outside, such as a flag of a command.
 *
 * @throws {CircuitError} `argument`, listing the names that there are.
 */
export function parseCircuitName(name: string): CircuitName {
  if ((circuitNames as readonly string[]).includes(name)) return name as CircuitName;
  throw new CircuitError(
    'argument',
    `circuit is ${JSON.stringify(name)}, but it is one of ${circuitNames.join(', ')}`,
  );
}

/** The names of the public signals that a verifier takes as words of their own, in order. */
export function publicSignalNames(circuit: CircuitName): readonly string[] {
  return data.circuits[circuit].public;
}

/**
 * How many public signals follow those of {@link publicSignalNames}. A verifier takes one point for all of them: their multiples of the
 * key's bases, added. 0 for most circuits.
 */
export function foldedSignalCount({ circuit, parameters }: CircuitInstance): number {
  return Object.values(foldedSignals(circuit)).reduce<number>(
    (sum, size) => sum + (typeof size === 'number' ? size : parameters[size]!),
    0,
  );
}

/** Whether a verifier takes a point for some of the public signals. */
export function hasFoldedSignals(circuit: CircuitName): boolean {
  return Object.keys(foldedSignals(circuit)).length > 0;
}

/** Names of the folded signals, with their sizes or the parameters that say it. */
function foldedSignals(circuit: CircuitName): Readonly<Record<string, number | string>> {
  const { folded } = data.circuits[circuit] as {
    readonly folded?: Readonly<Record<string, number | string>>;
  };
  return folded ?? {};
}

/** The instance of a circuit for a preset. */
export function circuitInstance(circuit: CircuitName, preset: PresetName): CircuitInstance {
  const { parameters } = entry(circuit, preset);
  const domains = data.circuits[circuit].domains.map((kind) =>
    BigInt(data.spongeDomains[kind as keyof typeof data.spongeDomains][preset]),
  );
  return { circuit, preset, parameters, domains };
}

/** The constraints that an instance has, by part; circuits/README.md derives them. */
export function expectedConstraints(circuit: CircuitName, preset: PresetName): ConstraintCounts {
  return entry(circuit, preset).constraints;
}

/**
 * The circom source of an instance's main component.
 *
 * @throws {CircuitError} `argument` for a parameter that is missing or no positive integer.
 */
export function mainSource(instance: CircuitInstance): string {
  const { file, template, parameters, public: signals } = data.circuits[instance.circuit];
  const numbers = parameters.map((name) => {
    const value = instance.parameters[name];
    if (value !== undefined && Number.isSafeInteger(value) && value > 0) return value;
    const id = `${instance.circuit}/${instance.preset}`;
    throw new CircuitError('argument', `${id}: parameter ${name} is ${value}, but it is a positive integer`);
  });
  const publics = [...signals, ...Object.keys(foldedSignals(instance.circuit))];
  const main = `${template}(${[...numbers, ...instance.domains].join(', ')})`;
  return [
    'pragma circom 2.1.6;',
    `include "${file}";`,
    `component main {public [${publics.join(', ')}]} = ${main};`,
    '',
  ].join('\n');
}

interface Entry {
  readonly parameters: Readonly<Record<string, number>>;
  readonly constraints: ConstraintCounts;
}

function entry(circuit: CircuitName, preset: PresetName): Entry {
  const found = data.instances.find((one) => one.circuit === circuit && one.preset === preset);
  if (found) return found as Entry;
  throw new CircuitError('argument', `circuits.json has no ${circuit} of preset ${preset}`);
}
