// Circuit instances: the data of circuits/circuits.json, and the main component that circom is given for one of them.

import data from '@murmuration/circuits/circuits.json' with { type: 'json' };
import type { PresetName } from '@murmuration/core';
import type { VectorKind } from '../packing.ts';
import { parsePreset } from '../presets.ts';
import { spongeDomain } from '../sponge.ts';

/** The three statements; a circuit's place in this list is its id on chain. */
export const circuitNames = ['update', 'aggregate', 'alignment'] as const;
export type CircuitName = (typeof circuitNames)[number];

/** A template with numbers for its parameters. */
export interface CircuitInstance {
  readonly circuit: CircuitName;
  /** The preset's name, or a name that a test gives to a size of its own. */
  readonly preset: string;
  /** Numbers by name, as the circuit's list of parameters orders them. */
  readonly parameters: Readonly<Record<string, number>>;
  /** First states of the circuit's sponges, in order. */
  readonly domains: readonly bigint[];
}

/** What circuits.json expects of an instance: constraints by the part of the circuit that they come from. */
export type ConstraintCounts = Readonly<Record<string, number>>;

/** A name that came from outside. Throws a RangeError that lists the names there are. */
export function parseCircuitName(name: string): CircuitName {
  if (!(circuitNames as readonly string[]).includes(name)) {
    throw new RangeError(`circuit is ${JSON.stringify(name)}, but it is one of ${circuitNames.join(', ')}`);
  }
  return name as CircuitName;
}

/** The names of a circuit's public signals, in order. */
export function publicSignalNames(circuit: CircuitName): readonly string[] {
  return data.circuits[circuit].public;
}

/** The instance of a circuit for a preset, with its sponges' domains. */
export function circuitInstance(circuit: CircuitName, preset: PresetName): CircuitInstance {
  const { parameters } = entry(circuit, preset);
  const domains = data.circuits[circuit].domains.map((kind) =>
    spongeDomain(kind as VectorKind, parsePreset(preset)),
  );
  return { circuit, preset, parameters, domains };
}

/** The constraints that an instance should have, by part. */
export function expectedConstraints(circuit: CircuitName, preset: PresetName): ConstraintCounts {
  return entry(circuit, preset).constraints;
}

/** The circom source of an instance's main component. */
export function mainSource(instance: CircuitInstance): string {
  const { file, template, parameters, public: signals } = data.circuits[instance.circuit];
  const numbers = parameters.map((name) => {
    const value = instance.parameters[name];
    if (value === undefined || !Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(
        `${instance.circuit}/${instance.preset}: parameter ${name} is ${value}, but it is a positive integer`,
      );
    }
    return value;
  });
  return [
    'pragma circom 2.1.6;',
    `include "${file}";`,
    `component main {public [${signals.join(', ')}]} = ${template}(${[...numbers, ...instance.domains].join(', ')});`,
    '',
  ].join('\n');
}

function entry(
  circuit: CircuitName,
  preset: PresetName,
): { parameters: Readonly<Record<string, number>>; constraints: ConstraintCounts } {
  const found = data.instances.find((one) => one.circuit === circuit && one.preset === preset);
  if (!found) throw new RangeError(`circuits.json has no ${circuit} for preset ${preset}; add an instance`);
  return {
    parameters: found.parameters as Readonly<Record<string, number>>,
    constraints: found.constraints as ConstraintCounts,
  };
}
