// The plan of a matrix, followed step by step as the kernels follow it, is the product of the matrix and a witness.
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../prover/wasm/groth16/key_file.ts';
import { planMatrix } from '../../../prover/wasm/groth16/matrix_plan.ts';
import { kernelNames, kernels, numberBytes } from '../../../prover/wasm/kernel.ts';
import { productsAtOnce } from '../../../prover/wasm/scalar/index.ts';

const zero = 999;
/** Wires are 1, 10, 100 and so on; a term's coefficient is its index. */
const wireValue = (wire: number) => 10 ** wire;
const coefficientOf = (index: number) => (index === zero ? 0 : index);

/** A matrix whose rows have so many terms. */
function matrixOf(lengths: readonly number[]): Matrix {
  const starts = Uint32Array.from([0, ...lengths]);
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const terms = starts.at(-1)!;
  return {
    starts,
    wires: Uint32Array.from({ length: terms }, (_, i) => (3 * i + 1) % 5),
    coefficients: Uint32Array.from({ length: terms }, (_, i) => i + 1),
  };
}

describe.each(kernelNames.map((name) => [name] as const))('%s', (name) => {
  const { lanes, doubles } = kernels[name];
  /** Where a row's result lies. */
  const placeOf = (row: number) =>
    Math.floor(row / lanes) * lanes * numberBytes + (doubles ? 8 * (row % lanes) : 0);

  it.each([
    [[]],
    [[0, 0, 0]],
    [[1]],
    [[3, 0, 1, 9, 2, 2, 0, 5, 1, 1, 30, 4, 7]],
    [Array.from({ length: 40 }, (_, i) => (i * 7) % 6)],
  ])('rows of %j terms', (lengths) => {
    const matrix = matrixOf(lengths);
    const { groups, words, coefficientsAt } = planMatrix(matrix, name, zero);
    const results = new Map<number, number>();
    const coefficients: number[] = [];
    let at = 0;
    let steps = 0;
    for (let group = 0; group < groups; group++) {
      const count = words[at++]!;
      const places = words.subarray(at, at + lanes);
      at += lanes;
      steps += count;
      const sums = new Array<number>(lanes).fill(0);
      for (let step = 0; step < count; step++) {
        for (let lane = 0; lane < lanes; lane++) {
          for (let product = 0; product < productsAtOnce; product++) {
            coefficients.push(at);
            const coefficient = coefficientOf(words[at]!);
            sums[lane]! += coefficient * wireValue(words[at + 1]! / numberBytes);
            at += 2;
          }
        }
      }
      places.forEach((place, lane) => {
        // A lane that has no row of its own does another one's again.
        expect(results.get(place) ?? sums[lane]).toBe(sums[lane]);
        results.set(place, sums[lane]!);
      });
    }
    expect(at).toBe(words.length);
    expect([...coefficientsAt]).toEqual(coefficients);

    const expected = lengths.flatMap((length, row): [number, number][] => {
      const first = matrix.starts[row]!;
      const sum = Array.from(
        { length },
        (_, i) => matrix.coefficients[first + i]! * wireValue(matrix.wires[first + i]!),
      ).reduce((total, value) => total + value, 0);
      return length > 0 ? [[placeOf(row), sum]] : [];
    });
    expect(results).toEqual(new Map(expected));
    // No lane waits longer for another than it must: the longest rows share their groups.
    const needed = lengths.filter((length) => length > 0).map((length) => Math.ceil(length / productsAtOnce));
    needed.sort((a, b) => a - b);
    const least = Array.from(
      { length: Math.ceil(needed.length / lanes) },
      (_, i) => needed.slice(i * lanes, (i + 1) * lanes).at(-1)!,
    );
    expect(steps).toBe(least.reduce((total, count) => total + count, 0));
  });
});
