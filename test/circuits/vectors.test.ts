// circom reads the shared vectors: what TypeScript packs, absorbs and evaluates, the circuits pack, absorb
// and evaluate.

import { readFileSync } from 'node:fs';
import { type CircuitName, circuitInstance, ensureCircuit, ensureSource } from '@murmuration/circuits';
import { blindingOf, type PresetName } from '@murmuration/core';
import { beforeAll, describe, expect, it } from 'vitest';
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

/**
 * Runs templates of one file side by side in one circuit, and returns the outputs of each: what takes the compiler
 * longest is the same in all of them.
 */
async function sideBySide(
  file: string,
  /** Without `elements` the output is one signal, not an array. */
  calls: readonly { template: string; inputs: readonly bigint[]; elements?: number }[],
): Promise<bigint[][]> {
  const each = calls.map(
    ({ template, inputs, elements }, i) => `
    signal input in${i}[${inputs.length}];
    component one${i} = ${template};
    one${i}.in <== in${i};
    signal output out${i}${elements === undefined ? '' : `[${elements}]`} <== one${i}.out;`,
  );
  const main = `include "lib/${file}.circom";\ntemplate All() {${each.join('')}\n}\ncomponent main = All();`;
  const { wasm } = await ensureSource(`test/${file}`, `pragma circom 2.1.6;\n${main}\n`, { cacheFolder });
  const calculator = await loadWitnessCalculator(file, wasm.path);
  const named = Object.fromEntries(calls.map(({ inputs }, i) => [`in${i}`, inputs]));
  // The outputs come first in a witness.
  const witness = readWitness(await calculator.calculate(named));
  let next = 1;
  return calls.map(({ elements = 1 }) => {
    const first = next;
    next += elements;
    return witness.slice(first, next);
  });
}

describe('packing', () => {
  let packed: bigint[][];
  beforeAll(async () => {
    const calls = packing.cases.map(({ bits, lanes, elements }) => ({
      template: `Pack(${lanes.length}, ${bits})`,
      inputs: lanes.map(BigInt),
      elements: elements.length,
    }));
    packed = await sideBySide('pack', calls);
  });
  it.each(packing.cases.map((one, at) => ({ ...one, at })))('$name', ({ elements, at }) => {
    expect(packed[at]).toEqual(elements.map(BigInt));
  });
});

describe('sponge', () => {
  let hashes: bigint[][];
  beforeAll(async () => {
    const calls = sponges.bare.map(({ elements, domain }) => ({
      template: `Sponge(${elements.length}, ${BigInt(domain)})`,
      inputs: elements.map(BigInt),
    }));
    hashes = await sideBySide('sponge', calls);
  });
  it.each(sponges.bare.map((one, at) => ({ ...one, at })))('$name', ({ h, at }) => {
    expect(hashes[at]).toEqual([BigInt(h)]);
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
