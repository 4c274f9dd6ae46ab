// The plan of a matrix times the witness: rows with like numbers of terms together, as many as the kernel has lanes, so that no lane waits
// long for another. What `rowSums` of scalar/vectors.ts runs.
import { type KernelName, kernels, numberBytes } from '../kernel.ts';
import { productsAtOnce, termBytes } from '../scalar/index.ts';
import type { Matrix } from './key_file.ts';

export interface MatrixPlan {
  readonly groups: number;
  /** Coefficients are given by index: the reader adds the address of theirs. */
  readonly words: Uint32Array;
  /** Where coefficients' indices stand in `words`. */
  readonly coefficientsAt: Uint32Array;
}

/** @param zero index of a coefficient 0, for what fills up. */
export function planMatrix(
  { starts, wires, coefficients }: Matrix,
  name: KernelName,
  zero: number,
): MatrixPlan {
  const { lanes, doubles } = kernels[name];
  const stepsOf = (row: number) => Math.ceil((starts[row + 1]! - starts[row]!) / productsAtOnce);
  const rows: number[] = [];
  for (let row = 0; row + 1 < starts.length; row++) if (stepsOf(row) > 0) rows.push(row);
  rows.sort((a, b) => stepsOf(a) - stepsOf(b) || a - b);
  const groups = Math.ceil(rows.length / lanes);
  let size = 0;
  for (let group = 0; group < groups; group++) {
    const last = rows[Math.min(rows.length, (group + 1) * lanes) - 1]!;
    size += 1 + lanes + (stepsOf(last) * lanes * productsAtOnce * termBytes) / 4;
  }
  const words = new Uint32Array(size);
  const places: number[] = [];
  let at = 0;
  for (let group = 0; group < groups; group++) {
    const members = Array.from(
      { length: lanes },
      (_, lane) => rows[Math.min(group * lanes + lane, rows.length - 1)]!,
    );
    const steps = stepsOf(members[lanes - 1]!);
    words[at++] = steps;
    for (const row of members) {
      const place = numberBytes * lanes * Math.floor(row / lanes) + (doubles ? 8 : 0) * (row % lanes);
      words[at++] = place;
    }
    for (let step = 0; step < steps; step++) {
      for (const row of members) {
        for (let product = 0; product < productsAtOnce; product++) {
          const term = starts[row]! + step * productsAtOnce + product;
          const used = term < starts[row + 1]!;
          places.push(at);
          words[at++] = used ? coefficients[term]! : zero;
          words[at++] = used ? numberBytes * wires[term]! : 0;
        }
      }
    }
  }
  return { groups, words, coefficientsAt: Uint32Array.from(places) };
}
