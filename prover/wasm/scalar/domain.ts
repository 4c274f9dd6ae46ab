// The domain of a circuit: from values on the n-th roots of unity w^j to values on a coset, by two transforms with the same roots.
//
// Down gives `n a_(-k)` at the place of k, for a polynomial with coefficients a: the inverse transform with its result turned around.
// There each is multiplied by `g^(-k mod n) / n`, and up gives at j the sum of `a_k g^k w^(-j k)`, the polynomial's value at `g w^(-j)`: the
// coset in the other direction. What belongs to its points is laid out likewise ({@link cosetIndex}).
import { fieldOrder as r } from '@murmuration/core';
import { rootOfUnity } from '../../keys/field.ts';
import { inverse } from '../field/index.ts';
import { kernels, numberBytes, writeNumber } from '../kernel.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';

/** Elements of a transform that stay in the processor's cache. */
const cachedElements = 1 << 13;

/** Where the tables of a domain lie. */
export interface DomainLayout {
  readonly log2Size: number;
  /** Roots for each stage, widest first. */
  readonly roots: number;
  /** A factor for each element between down and up. */
  readonly factors: number;
  readonly quarter: number;
}

/** The number of the coset's point `g w^j` whose values stand at place j. */
export const cosetIndex = (j: number, size: number): number => (size - j) % size;

export function allocateDomain(lanes: number, log2Size: number, allocator: Allocator): DomainLayout {
  const size = 2 ** log2Size;
  if (size < 2 * lanes)
    throw new RangeError(`a domain of ${size} points is smaller than two rows of ${lanes}`);
  return {
    log2Size,
    roots: allocator.allocate(numberBytes * (size - lanes)),
    factors: allocator.allocate(numberBytes * size),
    quarter: allocator.allocate(numberBytes * lanes),
  };
}

/** Halves of butterflies in elements, widest first, as far as they go from row to row. */
const halves = (size: number, lanes: number): number[] => {
  const list: number[] = [];
  for (let half = size / 2; half >= lanes; half /= 2) list.push(half);
  return list;
};

/** Computes the tables. */
export function fillDomain(
  instance: KernelInstance,
  { log2Size, roots, factors, quarter }: DomainLayout,
): void {
  const kernel = kernels[instance.name];
  const { lanes } = kernel;
  const size = 2 ** log2Size;
  const view = new DataView(instance.memory.buffer);
  const write = (table: number, index: number, value: bigint) => {
    const address = table + numberBytes * lanes * Math.floor(index / lanes);
    writeNumber(kernel, view, { address, lane: index % lanes, lanes }, value, r);
  };
  let table = roots;
  for (const half of halves(size, lanes)) {
    const root = rootOfUnity(Math.log2(2 * half));
    for (let j = 0, power = 1n; j < half; j++, power = (power * root) % r) write(table, j, power);
    table += numberBytes * half;
  }
  const shift = rootOfUnity(log2Size + 1);
  let factor = inverse(BigInt(size), r);
  for (let k = 0; k < size; k++, factor = (factor * shift) % r) {
    write(factors, reversed((size - k) % size, log2Size), factor);
  }
  for (let lane = 0; lane < lanes; lane++) write(quarter, lane, lane % 2 === 1 ? rootOfUnity(2) : 1n);
}

function reversed(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((value >> bit) & 1) << (bits - 1 - bit);
  return result;
}

/** From values on the domain to values on the coset, in place. */
export function toCoset({ name, call }: KernelInstance, layout: DomainLayout, data: number): void {
  const { lanes } = kernels[name];
  const size = 2 ** layout.log2Size;
  const block = Math.min(size, cachedElements);
  const stages: { half: number; roots: number; up: string }[] = [];
  let table = layout.roots;
  halves(size, lanes).forEach((half, i) => {
    // The last stage up, the widest, reduces; every second one before it.
    stages.push({ half, roots: table, up: i % 2 === 0 ? 'upReduced' : 'up' });
    table += numberBytes * half;
  });
  const wide = stages.filter(({ half }) => 2 * half > block);
  const narrow = stages.filter(({ half }) => 2 * half <= block);
  const run = (
    stage: string,
    { half, roots }: { half: number; roots: number },
    at: number,
    elements: number,
  ) => call[stage]!(at, elements / (2 * half), half / lanes, roots);
  for (const stage of wide) run('down', stage, data, size);
  for (let start = 0; start < size; start += block) {
    const at = data + numberBytes * start;
    for (const stage of narrow) run('down', stage, at, block);
    call.turn!(at, block / lanes, layout.factors + numberBytes * start, layout.quarter);
    for (const stage of narrow.toReversed()) run(stage.up, stage, at, block);
  }
  for (const stage of wide.toReversed()) run(stage.up, stage, data, size);
}
