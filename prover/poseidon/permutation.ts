// Poseidon over big integers, as the paper writes it: for few hashes, and what kernels are held against.
import { fieldOrder as R } from '@murmuration/core';
import { fullRounds, type Parameters, poseidonParameters } from './parameters.ts';

/** Poseidon of 1 to 16 inputs in [0, r), as circomlib's template of that name: the first element of the state, which began as 0. */
export function poseidon(inputs: readonly bigint[]): bigint {
  return permute(poseidonParameters(inputs.length + 1), [0n, ...inputs])[0]!;
}

function permute({ constants, matrix, partialRounds }: Parameters, start: readonly bigint[]): bigint[] {
  let state = [...start];
  const half = fullRounds / 2;
  for (const [round, added] of constants.entries()) {
    const full = round < half || round >= half + partialRounds;
    const boxed = state.map((x, i) => (full || i === 0 ? power5((x + added[i]!) % R) : (x + added[i]!) % R));
    state = matrix.map((row) => row.reduce((sum, factor, j) => sum + factor * boxed[j]!, 0n) % R);
  }
  return state;
}

function power5(x: bigint): bigint {
  const square = (x * x) % R;
  return (((square * square) % R) * x) % R;
}
