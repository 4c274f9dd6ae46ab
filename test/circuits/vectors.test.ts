// circom reads the shared vectors: what TypeScript packs, absorbs and evaluates, the circuits pack, absorb
// and evaluate.

import { readFileSync } from 'node:fs';
import { type CircuitName, circuitInstance, ensureCircuit, ensureSource } from '@murmuration/circuits';
import { blindingOf, type PresetName } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { loadWitnessCalculator, readWitness } from '../../prover/witness/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { aggregateInput, edited, updateInput } from './support/honest.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
const packing = read('packing') as {
  cases: { name: string; bits: number; lanes: number[]; elements: string[] }[];
};
const sponges = read('sponge') as {
  domains: { kind: 'update' | 'aggregate'; preset: PresetName; domain: string }[];
  bare: { name: string; domain: string; elements: string[]; h: string }[];
  chunks: {
    name: string;
    kind: 'update' | 'aggregate';
    preset: PresetName;
    coordinates: number[];
    rho: string[];
    h: string;
  }[];
};

/** Runs one template as a main; the outputs come first in a witness. */
async function run(id: string, source: string, inputs: bigint[], outputs: number): Promise<bigint[]> {
  const { wasm } = await ensureSource(`test/${id}`, `pragma circom 2.1.6;\n${source}\n`, { cacheFolder });
  const calculator = await loadWitnessCalculator(id, wasm.path);
  return readWitness(await calculator.calculate({ in: inputs }), outputs + 1).slice(1);
}

describe('packing', () => {
  it.each(packing.cases)('$name', async ({ bits, lanes, elements }) => {
    const main = `include "lib/pack.circom";\ncomponent main = Pack(${lanes.length}, ${bits});`;
    expect(await run('pack', main, lanes.map(BigInt), elements.length)).toEqual(elements.map(BigInt));
  });
});

describe('sponge', () => {
  it.each(sponges.bare)('$name', async ({ domain, elements, h }) => {
    const component = `component main = Sponge(${elements.length}, ${BigInt(domain)});`;
    const main = `include "lib/sponge.circom";\n${component}`;
    expect(await run('sponge', main, elements.map(BigInt), 1)).toEqual([BigInt(h)]);
  });

  it.each(sponges.domains)(
    'the domain of $kind/$preset is in the circuits’ mains',
    ({ kind, preset, domain }) => {
      expect(circuitInstance(kind, preset).domains).toEqual([BigInt(domain)]);
      if (kind === 'update') expect(circuitInstance('alignment', preset).domains).toEqual([BigInt(domain)]);
    },
  );

  it.each(sponges.chunks)('the circuit of $name accepts h, and no other', async (chunk) => {
    const instance = circuitInstance(chunk.kind as CircuitName, chunk.preset);
    const { id, wasm } = await ensureCircuit(chunk.kind, chunk.preset, { cacheFolder });
    const calculator = await loadWitnessCalculator(id, wasm.path);
    const vector = { coordinates: chunk.coordinates, rho: blindingOf((k) => BigInt(chunk.rho[k]!)) };
    const inputOf = { update: updateInput, aggregate: aggregateInput }[chunk.kind];
    const input = edited(await inputOf(instance, vector, 12345n), 'h', { 0: BigInt(chunk.h) });
    await expect(calculator.calculate(input)).resolves.toBeInstanceOf(Uint8Array);
    const wrong = edited(input, 'h', { 0: BigInt(chunk.h) - 1n });
    await expect(calculator.calculate(wrong)).rejects.toThrow(/a constraint does not hold/);
  });
});
