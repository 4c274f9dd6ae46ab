// Poseidon of every width is circomlib's; its sparse form is the same permutation.
/// <reference path="../support/circomlibjs.d.ts" />
import { readFileSync } from 'node:fs';
import { fieldOrder as R } from '@murmuration/core';
import { buildPoseidonReference } from 'circomlibjs';
import { describe, expect, it } from 'vitest';
import { poseidonParameters } from '../../../prover/poseidon/parameters.ts';
import { poseidon } from '../../../prover/poseidon/permutation.ts';
import { type FullRound, sparseRounds } from '../../../prover/poseidon/sparse.ts';

const widths = Array.from({ length: 16 }, (_, i) => i + 2);
/** Numbers of any size, the same every time; the least and the largest among them. */
const inputsOf = (width: number): bigint[] =>
  Array.from({ length: width - 1 }, (_, i) => (BigInt(i + width) ** 97n - 1n) % R)
    .with(0, R - 1n)
    .with(-1, width === 2 ? R - 1n : 0n);

describe('the parameters', () => {
  const published = JSON.parse(
    readFileSync(
      new URL('../../../node_modules/circomlibjs/src/poseidon_constants.json', import.meta.url),
      'utf8',
    ),
  ) as { C: string[][]; M: string[][][] };
  it.each(widths)('of %i elements are those that circomlib publishes', (width) => {
    const { constants, matrix } = poseidonParameters(width);
    expect(constants.flat()).toEqual(published.C[width - 2]!.map(BigInt));
    expect(matrix).toEqual(published.M[width - 2]!.map((row) => row.map(BigInt)));
  });
});

describe('the permutation', () => {
  const building = buildPoseidonReference();
  it.each(widths)('of %i elements is the reference, and so is its sparse form', async (width) => {
    const reference = await building;
    const inputs = inputsOf(width);
    const expected = reference.F.toObject(reference(inputs));
    expect(poseidon(inputs)).toBe(expected);

    const { first, partial, last } = sparseRounds(poseidonParameters(width));
    const inner = (row: readonly bigint[], state: readonly bigint[]) =>
      row.reduce((sum, factor, j) => sum + factor * state[j]!, 0n) % R;
    const full = (state: bigint[], { constants, matrix }: FullRound) => {
      const boxed = state.map((x, i) => (x + constants[i]!) ** 5n % R);
      return matrix.map((row) => inner(row, boxed));
    };
    const between = partial.reduce(
      (state, { constant, row, column }) => {
        const box = (state[0]! + constant) ** 5n % R;
        return [inner(row, state.with(0, box)), ...state.slice(1).map((x, i) => (x + column[i]! * box) % R)];
      },
      first.reduce(full, [0n, ...inputs]),
    );
    expect(last.reduce(full, between)[0]).toBe(expected);
  });
});
