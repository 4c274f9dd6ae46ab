// Constraint counts: what circuits.json expects follows from the derivation in circuits/README.md, and the
// compiler agrees.

import { readFileSync } from 'node:fs';
import {
  type CircuitName,
  circuitInstance,
  circuitNames,
  ensureCircuit,
  expectedConstraints,
  foldedSignalCount,
  publicSignalNames,
} from '@murmuration/circuits';
import { blindingCoefficients, type PresetName, presetNames } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { presets } from '../../prover/presets.ts';
import { maxGroups } from '../../prover/references.ts';
import { cacheFolder } from '../cache_folder.ts';
import { readSystem } from './support/system.ts';

/** Constraints a coordinate that a circuit may cost at K = 4048. */
const bars: Record<CircuitName, number> = { update: 11.6, aggregate: 25, alignment: 11.6 };

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

/** Eight full rounds of ten S-boxes of 3 constraints and 60 partial rounds of one, less the capacity's first. */
const poseidon9 = 3 * (8 * 10 + 60) - 3;
/** Both are 0 or 1; `before`; nine totals that are zero at first; `out`. */
const flags = 2 + 1 + maxGroups + 1 + 1;
/** A bit each, and each but the top one whether it is the highest. */
const bucket = (bits: number) => bits + bits - 2;
/** The sign's digits, the square, t, whether it is 127, its two multiples, both differences, the sign again. */
const score = (bits: number) => bits + 1 + 1 + 7 + 6 + 2 + (2 * bits + 15) + (2 * bits + 16) + 1;

const derivation: Record<CircuitName, (p: Readonly<Record<string, number>>) => Record<string, number>> = {
  update: ({ n, bits, slackBits, group }) => ({
    range: n! * bits!,
    sponge: sponge(n!, bits!),
    evaluate: evaluate(n!, group!),
    slack: slackBits!,
  }),
  aggregate: ({ n, bits }) => ({
    range: n! * bits!,
    sponge: sponge(n!, bits!),
    evaluate: n! + blindingCoefficients - 1,
  }),
  alignment: ({ n, bits }) => ({
    range: n! * bits!,
    sponge: sponge(n!, bits!),
    product: n!,
    norm: n! / 2,
    split: maxGroups * 28,
    totals: 2 * poseidon9 + flags,
    figures: 32 + bucket(32) + 1 + maxGroups * score(32),
  }),
};

describe.each(presetNames)('%s', (name) => {
  const preset = presets[name];

  it.each(circuitNames)('%s has the preset’s numbers and the derived counts', (circuit) => {
    const { parameters } = circuitInstance(circuit, name);
    expect(parameters.n).toBe(preset.coordinatesPerChunk);
    expect(parameters.bits).toBe(circuit === 'aggregate' ? preset.sumLaneBits : preset.coordinateBits);
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
  it.each(compiled)('%s/%s has the expected count, and the public signals', async (circuit, preset) => {
    const { constraints, wires, r1cs, publicSignals } = await ensureCircuit(circuit, preset, { cacheFolder });
    expect(constraints).toBe(total(circuit, preset));
    const folded = foldedSignalCount(circuitInstance(circuit, preset));
    expect(folded).toBe(circuit === 'alignment' ? 3 + presets[preset].coordinatesPerChunk : 0);
    // A constraint for each wire but the constant and what may be chosen: challenge and bound, references, salts and totals.
    expect(wires).toBeLessThanOrEqual(constraints + 1 + folded + 10);
    expect(publicSignals).toHaveLength(circuit === 'update' ? 4 : 3);
    if (preset === 'tiny') expect(readSystem(r1cs.path).publics).toBe(publicSignals.length + folded);
  });
});

describe('bars', () => {
  it.each(circuitNames)('%s a coordinate at K = 4048', (circuit) => {
    expect(total(circuit, 'base') / presets.base.coordinatesPerChunk).toBeLessThanOrEqual(bars[circuit]);
  });

  it('quick fits domains of 2^14, 2^15, 2^14; base 2^16, 2^17, 2^16; wide 2^17, 2^18, 2^17', () => {
    // A row for each public signal and the constant follows the constraints.
    const log2 = (preset: PresetName) =>
      circuitNames.map((circuit) => {
        const publics =
          publicSignalNames(circuit).length + foldedSignalCount(circuitInstance(circuit, preset));
        return Math.ceil(Math.log2(total(circuit, preset) + publics + 1));
      });
    expect(log2('quick')).toEqual([14, 15, 14]);
    expect(log2('base')).toEqual([16, 17, 16]);
    expect(log2('wide')).toEqual([17, 18, 17]);
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
