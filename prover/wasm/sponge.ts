// The sponge by a kernel, on the calling thread: a chain of permutations has nothing to share among threads.
import { fieldOrder } from '@murmuration/core';
import { packLittle } from '../kzg/bytes.ts';
import { poseidonParameters } from '../poseidon/parameters.ts';
import { type SparseRounds, sparseRounds } from '../poseidon/sparse.ts';
import { type Kernel, kernels, numberBytes, readNumber, writeNumber } from './kernel.ts';
import { createAllocator } from './memory.ts';
import {
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
  type KernelInstance,
  type KernelModule,
} from './module.ts';
import { groupsOf, roundBytes, roundHead, spongeWidth } from './scalar/index.ts';

/** Elements that one permutation takes in beside the state of the chain. */
export const spongeRate = spongeWidth - 2;

/**
 * Chains Poseidon with 16 inputs: the state, from `domain` on, and 15 elements at a time, padded with zeros.
 *
 * @param elements in [0, r), like the domain and the result.
 */
export type Chain = (domain: bigint, elements: readonly bigint[]) => bigint;

let rounds: SparseRounds | undefined;

/** Elements that are taken into memory at a time. */
const elementsAtOnce = 32 * spongeRate;

/** @param module that holds `sums` or `sponge`. */
export function createKernelChain(module: KernelModule): Chain {
  rounds ??= sparseRounds(poseidonParameters(spongeWidth));
  const kernel = kernels[module.name];
  const { lanes } = kernel;
  const allocator = createAllocator(firstFreeAddress);
  const state = groupsOf(spongeWidth, lanes) * lanes;
  const numbersOf = (count: number) => allocator.allocate(numberBytes * (count + lanes));
  const layout = {
    states: [numbersOf(state), numbersOf(state)] as const,
    scratch: numbersOf(lanes),
    words: allocator.allocate(32 * (elementsAtOnce + lanes)),
    numbers: numbersOf(elementsAtOnce),
    /** Another form of the elements, which nobody reads here. */
    signed: allocator.allocate(32 * (elementsAtOnce + lanes)),
  };
  const secretEnd = allocator.top;
  const tables = allocateTables(rounds, kernel, allocator.allocate);
  const memory = createKernelMemory(allocator.top + 1024);
  const instance = instantiateKernel(module, memory);
  const view = new DataView(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  for (const write of tables.writes) write(view);
  const permute = createPermutation(instance, tables, layout);

  return (domain, elements) => {
    const [first] = layout.states;
    const chained = first + numberBytes;
    const taken = first + 2 * numberBytes;
    try {
      writeNumber(kernel, view, { address: chained }, domain, fieldOrder);
      for (let start = 0; start < elements.length; start += elementsAtOnce) {
        const part = elements.slice(start, start + elementsAtOnce);
        const blocks = Math.ceil(part.length / spongeRate);
        bytes.fill(0, layout.words, layout.words + 32 * (blocks * spongeRate + lanes));
        bytes.set(packLittle(part), layout.words);
        const groups = groupsOf(blocks * spongeRate, lanes);
        instance.call.importScalars!(layout.words, groups, layout.numbers, layout.signed);
        for (let block = 0; block < blocks; block++) {
          const from = layout.numbers + numberBytes * spongeRate * block;
          bytes.copyWithin(taken, from, from + numberBytes * spongeRate);
          bytes.fill(0, first, chained);
          permute();
          bytes.copyWithin(chained, first, first + numberBytes);
        }
      }
      return readNumber(kernel, view, { address: chained }, fieldOrder);
    } finally {
      bytes.fill(0, firstFreeAddress, secretEnd);
    }
  };
}

interface Tables {
  readonly first: readonly RoundTable[];
  readonly partial: { readonly address: number; readonly rounds: number };
  readonly last: readonly RoundTable[];
  /** What fills them. */
  readonly writes: readonly ((view: DataView) => void)[];
}

interface RoundTable {
  readonly constants: number;
  readonly matrix: number;
}

/** Lays out what the rounds read. A matrix that rounds share lies there once. */
function allocateTables(
  { first, partial, last }: SparseRounds,
  kernel: Kernel,
  allocate: (bytes: number) => number,
): Tables {
  const { lanes } = kernel;
  const row = numberBytes * lanes;
  const groups = groupsOf(spongeWidth, lanes);
  const writes: ((view: DataView) => void)[] = [];
  /** Numbers in rows of lanes, from an element on; zeros behind the last. */
  const rowsAt = (address: number, values: readonly bigint[]) =>
    writes.push((view) => {
      values.forEach((value, i) => {
        const at = { address: address + row * Math.floor(i / lanes), lane: i % lanes, lanes };
        writeNumber(kernel, view, at, value, fieldOrder);
      });
    });
  const matrices = new Map<unknown, number>();
  const matrixAt = (matrix: readonly (readonly bigint[])[]): number => {
    const known = matrices.get(matrix);
    if (known !== undefined) return known;
    const address = allocate(row * spongeWidth * groups);
    for (let group = 0; group < groups; group++) {
      for (let j = 0; j < spongeWidth; j++) {
        const column = matrix.slice(lanes * group, lanes * (group + 1)).map((values) => values[j]!);
        rowsAt(address + row * (spongeWidth * group + j), column);
      }
    }
    matrices.set(matrix, address);
    return address;
  };
  const full = (list: SparseRounds['first']) =>
    list.map(({ constants, matrix }) => {
      const address = allocate(row * groups);
      rowsAt(address, constants);
      return { constants: address, matrix: matrixAt(matrix) };
    });
  const address = allocate(roundBytes(lanes) * partial.length);
  const others = groupsOf(spongeWidth - 1, lanes);
  partial.forEach(({ constant, row: [corner, ...across], column }, i) => {
    const at = address + roundBytes(lanes) * i;
    writes.push((view) => writeNumber(kernel, view, { address: at }, constant, fieldOrder));
    const rows = at + roundHead(lanes);
    rowsAt(rows, [corner!]);
    rowsAt(rows + row, across);
    rowsAt(rows + row * (1 + others), column);
  });
  return { first: full(first), partial: { address, rounds: partial.length }, last: full(last), writes };
}

/** The permutation of the first state, in place. */
function createPermutation(
  { call }: KernelInstance,
  { first, partial, last }: Tables,
  {
    states: [state, other],
    scratch,
  }: { readonly states: readonly [number, number]; readonly scratch: number },
): () => void {
  const pairs = (list: readonly RoundTable[]) => {
    // Every round writes the other state, and their number is even.
    list.forEach(({ constants, matrix }, i) => {
      const [from, to] = i % 2 === 0 ? [state, other] : [other, state];
      call.poseidonFull!(from, constants, matrix, to);
    });
  };
  return () => {
    pairs(first);
    call.poseidonPartial!(state, partial.rounds, partial.address, scratch);
    pairs(last);
  };
}
