// Constraint counts: what circuits.json expects follows from the derivation in circuits/README.md, and the
// compiler agrees.

import { readFileSync } from 'node:fs';
import {
  type CircuitName,
  circuitInstance,
  circuitNames,
  ensureCircuit,
  expectedConstraints,
} from '@murmuration/circuits';
import { blindingCoefficients, type PresetName, presetNames } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { presets } from '../../prover/presets.ts';
import { cacheFolder } from '../cache_folder.ts';
import { readSystem } from './support/system.ts';

/** Constraints a coordinate that a circuit may cost at K = 4048. */
const bars: Record<CircuitName, number> = { update: 11.6, aggregate: 25, alignment: 33 };

const total = (circuit: CircuitName, preset: PresetName) =>
  Object.values(expectedConstraints(circuit, preset)).reduce((sum, part) => sum + part, 0);

/** 612 a permutation, less what the constants fold: the capacity, the domain, the padding (3 each). */
function sponge(n: number, bits: number): number {
  const length = Math.ceil(n / Math.floor(253 / bits)) + blindingCoefficients;
  const blocks = Math.ceil(length / 15);
  return 609 * blocks - 3 - 3 * (15 * blocks - length);
}

/**
 * A square each, a step a group, the powers of gamma and their sum, a step for each coefficient of the
 * blinding but the last.
 */
const evaluate = (n: number, group: number) => n + n / group + group + blindingCoefficients - 1;

const derivation: Record<CircuitName, (p: Readonly<Record<string, number>>) => Record<string, number>> = {
  update: ({ n, bits, slackBits, group }) => ({
    range: n! * bits!,
    sponge: sponge(n!, bits!),
    evaluate: evaluate(n!, group!),
    slack: slackBits!,
  }),
  aggregate: ({ n, bits, group }) => ({
    range: n! * bits!,
    sponge: sponge(n!, bits!),
    evaluate: evaluate(n!, group!),
  }),
  alignment: ({ n, bits, referenceBits }) => ({
    range: n! * (bits! + referenceBits!),
    sponge: sponge(n!, bits!) + sponge(n!, referenceBits!),
    product: n!,
    norm: n! / 2,
  }),
};

describe.each(presetNames)('%s', (name) => {
  const preset = presets[name];

  it.each(circuitNames)('%s has the preset’s numbers and the derived counts', (circuit) => {
    const { parameters } = circuitInstance(circuit, name);
    expect(parameters.n).toBe(preset.coordinatesPerChunk);
    expect(parameters.bits).toBe(circuit === 'aggregate' ? preset.sumLaneBits : preset.coordinateBits);
    if (circuit === 'alignment') expect(parameters.referenceBits).toBe(preset.sumLaneBits);
    expect(expectedConstraints(circuit, name)).toEqual(derivation[circuit](parameters));
  });

  it('the slack of the norm bound has exactly the bits of the largest bound', () => {
    const { slackBits } = circuitInstance('update', name).parameters;
    expect(preset.maxNormBound < 2n ** BigInt(slackBits!)).toBe(true);
    expect(preset.maxNormBound >= 2n ** BigInt(slackBits! - 1)).toBe(true);
  });
});

describe('the compiler', () => {
  const compiled: [CircuitName, PresetName][] = [
    ['update', 'tiny'],
    ['aggregate', 'tiny'],
    ['alignment', 'tiny'],
    ['update', 'quick'],
    ['aggregate', 'quick'],
    ['alignment', 'quick'],
    ['update', 'base'],
  ];
  it.each(compiled)('%s/%s has the expected count, and four public signals', async (circuit, preset) => {
    const { constraints, wires, r1cs, publicSignals } = await ensureCircuit(circuit, preset, { cacheFolder });
    expect(constraints).toBe(total(circuit, preset));
    // A constraint for each wire but the constant and what may be chosen: challenge and bound, or a second
    // vector's blinding.
    expect(wires).toBeLessThanOrEqual(constraints + 1 + 2 * blindingCoefficients);
    expect(publicSignals).toHaveLength(4);
    if (preset === 'tiny') expect(readSystem(r1cs.path).publics).toBe(4);
  });
});

describe('bars', () => {
  it.each(circuitNames)('%s a coordinate at K = 4048', (circuit) => {
    expect(total(circuit, 'base') / presets.base.coordinatesPerChunk).toBeLessThanOrEqual(bars[circuit]);
  });

  it('quick fits domains of 2^14, 2^15, 2^15; base 2^16, 2^17, 2^17', () => {
    const log2 = (preset: PresetName) =>
      circuitNames.map((circuit) => Math.ceil(Math.log2(total(circuit, preset) + 5)));
    expect(log2('quick')).toEqual([14, 15, 15]);
    expect(log2('base')).toEqual([16, 17, 17]);
  });

  it('the README shows the counts', () => {
    const readme = readFileSync(new URL('../../circuits/README.md', import.meta.url), 'utf8');
    for (const circuit of circuitNames) {
      for (const preset of presetNames) {
        expect(readme).toContain(total(circuit, preset).toLocaleString('en-US'));
      }
    }
  });
});
