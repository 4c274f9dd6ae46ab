// Witness calculation: shapes and ranges of inputs are checked by name; the bytes are what snarkjs writes.

import { readFile } from 'node:fs/promises';
import { type CircuitArtifact, circuitInstance, ensureCircuit } from '@murmuration/circuits';
import { fieldOrder } from '@murmuration/core';
import { wtns } from 'snarkjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  loadWitnessCalculator,
  readWitness,
  type WitnessCalculator,
  type WitnessInput,
  witnessFromElements,
} from '../../../prover/witness/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { randomVector, updateInput } from '../../circuits/support/honest.ts';

let artifact: CircuitArtifact;
let calculator: WitnessCalculator;
let input: WitnessInput;

beforeAll(async () => {
  artifact = await ensureCircuit('update', 'tiny', { cacheFolder });
  calculator = await loadWitnessCalculator(artifact.id, artifact.wasm.path);
  input = await updateInput(circuitInstance('update', 'tiny'), randomVector('witness', 96, 8), 99n);
});

describe('the calculator', () => {
  it('writes the very bytes that snarkjs does', async () => {
    const theirs = { type: 'mem' } as { type: 'mem'; data: Uint8Array };
    const wasm = new Uint8Array(await readFile(artifact.wasm.path));
    await wtns.calculate(input as never, wasm as never, theirs as never);
    expect(Buffer.compare(await calculator.calculate(input), theirs.data)).toBe(0);
  });

  it('keeps nothing between calculations, and can run several at a time', async () => {
    const other = await updateInput(circuitInstance('update', 'tiny'), randomVector('other', 96, 8), 98n);
    const [a, b, c] = await Promise.all([input, other, input].map((one) => calculator.calculate(one)));
    expect(a).toEqual(c);
    expect(readWitness(a!, 5).slice(1)).toEqual(
      ['h', 'gamma', 'y', 'normBound'].map((name) => input[name]![0]),
    );
    expect(readWitness(b!, 2)[1]).toBe(other.h![0]);
    await expect(calculator.calculate({ ...input, h: [0n] })).rejects.toMatchObject({
      name: 'ProverError',
      code: 'witness',
    });
    expect(await calculator.calculate(input)).toEqual(a);
  });

  it.each<[string, (good: WitnessInput) => WitnessInput, RegExp]>([
    [
      'an unknown input',
      (good) => ({ ...good, score: [1n] }),
      /update\/tiny: the circuit has no input called score/,
    ],
    [
      'too few lanes',
      (good) => ({ ...good, lanes: good.lanes!.slice(1) }),
      /input lanes has 95 elements.*takes 96/,
    ],
    ['a missing input', ({ rho, ...good }) => good, /100 of 103 input elements were given/],
    ['an alias', (good) => ({ ...good, h: [good.h![0]! + fieldOrder] }), /h\[0\] is .* lies in \[0, r\)/],
    ['a negative value', (good) => ({ ...good, y: [-1n] }), /y\[0\] is -1/],
    ['a false statement', (good) => ({ ...good, y: [5n] }), /a constraint does not hold\n.*Update/],
  ])('names %s', async (_, change, message) => {
    await expect(calculator.calculate(change(input))).rejects.toThrow(message);
  });
});

describe('the file', () => {
  it('holds any elements, and gives them back', () => {
    const elements = [1n, 0n, fieldOrder - 1n, 2n ** 200n + 7n];
    expect(readWitness(witnessFromElements(elements))).toEqual(elements);
    expect(readWitness(witnessFromElements(elements), 2)).toEqual([1n, 0n]);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
    ['another kind', (bytes) => bytes.with(0, 0), /not a wtns file/],
    ['a file cut short', (bytes) => bytes.slice(0, -1), /should hold 2 entries but is cut short/],
    ['another field', (bytes) => bytes.with(28, 0), /not over BN254/],
    ['an entry of r or more', (bytes) => bytes.with(bytes.length - 1, 255), /entry 1 of r or more/],
  ])('refuses %s', (_, change, message) => {
    expect(() => readWitness(change(witnessFromElements([1n, 5n])))).toThrow(message);
  });
});
