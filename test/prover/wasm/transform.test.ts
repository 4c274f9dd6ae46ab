// The transform of every kernel against the definition, and against a plain transform of big integers where the definition takes too long;
// products of matrices; the words of scalars.
import { fieldOrder as r } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { rootOfUnity } from '../../../prover/keys/field.ts';
import { readLittle, writeLittle } from '../../../prover/kzg/bytes.ts';
import { inverse, mod, power } from '../../../prover/wasm/field/index.ts';
import { planMatrix } from '../../../prover/wasm/groth16/matrix_plan.ts';
import { kernels, numberBytes, readNumber, writeNumber } from '../../../prover/wasm/kernel.ts';
import { createAllocator } from '../../../prover/wasm/memory.ts';
import { createKernelMemory, firstFreeAddress, instantiateKernel } from '../../../prover/wasm/module.ts';
import { allocateDomain, cosetIndex, fillDomain, toCoset } from '../../../prover/wasm/scalar/domain.ts';
import { usableKernels } from './support/kernels.ts';
import { moduleOf, pseudorandom } from './support/summing.ts';

/** Values of a polynomial on the roots of unity in order, or its coefficients from them. */
function plainTransform(values: readonly bigint[], root: bigint): bigint[] {
  if (values.length === 1) return [...values];
  const half = values.length / 2;
  const square = (root * root) % r;
  const even = plainTransform(
    values.filter((_, i) => i % 2 === 0),
    square,
  );
  const odd = plainTransform(
    values.filter((_, i) => i % 2 === 1),
    square,
  );
  const result = new Array<bigint>(values.length);
  for (let i = 0, w = 1n; i < half; i++, w = (w * root) % r) {
    const term = (w * odd[i]!) % r;
    result[i] = (even[i]! + term) % r;
    result[i + half] = mod(even[i]! - term, r);
  }
  return result;
}

/** From the domain to the coset by coefficients. */
function plainCoset(values: readonly bigint[]): bigint[] {
  const log2Size = Math.log2(values.length);
  const root = rootOfUnity(log2Size);
  const scale = inverse(BigInt(values.length), r);
  const shift = rootOfUnity(log2Size + 1);
  let factor = scale;
  const coefficients = plainTransform(values, inverse(root, r)).map((value) => {
    const scaled = (value * factor) % r;
    factor = (factor * shift) % r;
    return scaled;
  });
  return plainTransform(coefficients, root);
}

describe('the plain transform of this test', () => {
  it('evaluates a polynomial', () => {
    const coefficients = [3n, 1n, 4n, 1n, 5n, 9n, 2n, 6n];
    const root = rootOfUnity(3);
    const at = (x: bigint) =>
      mod(
        coefficients.reduceRight((value, c) => value * x + c, 0n),
        r,
      );
    expect(plainTransform(coefficients, root)).toEqual(
      coefficients.map((_, i) => at(power(root, BigInt(i), r))),
    );
  });
});

describe.each(usableKernels.map((name) => [name] as const))('%s', (name) => {
  const kernel = kernels[name];
  const { lanes } = kernel;
  const setUp = (bytes: number) => {
    const memory = createKernelMemory(firstFreeAddress + bytes);
    const allocator = createAllocator(firstFreeAddress, firstFreeAddress + bytes);
    return {
      instance: instantiateKernel(moduleOf(name), memory),
      allocator,
      view: new DataView(memory.buffer),
    };
  };
  const place = (data: number, i: number) => ({
    address: data + numberBytes * lanes * Math.floor(i / lanes),
    lane: i % lanes,
    lanes,
  });

  // 2^14 and more go through the cache block by block.
  it.each([3, 4, 5, 8, 11, 13, 14, 15])('a domain of 2^%i', (log2Size) => {
    const size = 2 ** log2Size;
    const { instance, allocator, view } = setUp(numberBytes * size * 3 + 100_000);
    const domain = allocateDomain(lanes, log2Size, allocator);
    fillDomain(instance, domain);
    const data = allocator.allocate(numberBytes * size);
    const random = pseudorandom(BigInt(log2Size));
    const edges = [0n, 1n, r - 1n, r / 2n, r / 2n + 1n];
    const values = Array.from({ length: size }, (_, i) => edges[i % 9] ?? (random.next().value as bigint));
    values.forEach((value, i) => {
      writeNumber(kernel, view, place(data, i), value, r);
    });
    toCoset(instance, domain, data);
    const expected = plainCoset(values);
    const found = values.map((_, j) => readNumber(kernel, view, place(data, j), r));
    expect(found).toEqual(expected.map((_, j) => expected[cosetIndex(j, size)]));
  });

  it('a domain smaller than two rows is refused', () => {
    const { allocator } = setUp(10_000);
    expect(() => allocateDomain(8, 3, allocator)).toThrow(/smaller than two rows/);
  });

  it('matrices with rows of every length', () => {
    const rows = 64;
    const wires = 50;
    const random = pseudorandom(5n);
    const next = () => random.next().value as bigint;
    const coefficients = [1n, r - 1n, ...Array.from({ length: 6 }, next)];
    const witness = Array.from({ length: wires }, (_, i) =>
      i % 3 === 0 ? BigInt(i % 2) : i % 3 === 1 ? r - BigInt(i) : next(),
    );
    const lengths = Array.from({ length: rows }, (_, row) =>
      row % 5 === 0 ? 0 : row % 7 === 0 ? 83 : row % 4,
    );
    const starts = Uint32Array.from([
      0,
      ...lengths.map((_, row) => lengths.slice(0, row + 1).reduce((a, b) => a + b, 0)),
    ]);
    const terms = Array.from({ length: starts.at(-1)! }, (_, i) => ({
      wire: (7 * i + 3) % wires,
      coefficient: (5 * i + 1) % coefficients.length,
    }));
    const matrix = {
      starts,
      wires: Uint32Array.from(terms, ({ wire }) => wire),
      coefficients: Uint32Array.from(terms, ({ coefficient }) => coefficient),
    };
    const plan = planMatrix(matrix, name, coefficients.length);
    const { instance, allocator, view } = setUp(1 << 20);
    const coefficientsAt = allocator.allocate(numberBytes * (coefficients.length + 1));
    [...coefficients, 0n].forEach((value, i) => {
      writeNumber(kernel, view, { address: coefficientsAt + numberBytes * i }, value, r);
    });
    const planAt = allocator.allocate(plan.words.byteLength);
    for (const at of plan.coefficientsAt) plan.words[at] = coefficientsAt + numberBytes * plan.words[at]!;
    new Uint32Array(instance.memory.buffer).set(plan.words, planAt / 4);
    const [words, numbers, signed] = [32, numberBytes, 32].map((bytes) =>
      allocator.allocate(bytes * (wires + 8)),
    ) as [number, number, number];
    witness.forEach((value, i) => {
      writeLittle(view, words + 32 * i, value);
    });
    instance.call.importScalars!(words, Math.ceil(wires / lanes), numbers, signed);
    const to = allocator.allocate(numberBytes * rows);
    instance.call.rowSums!(planAt, plan.groups, numbers, to);
    const expected = lengths.map((_, row) =>
      terms
        .slice(starts[row], starts[row + 1])
        .reduce((sum, { wire, coefficient }) => (sum + coefficients[coefficient]! * witness[wire]!) % r, 0n),
    );
    expect(lengths.map((_, row) => readNumber(kernel, view, place(to, row), r))).toEqual(expected);
    // The signed words are the residues of least size.
    witness.forEach((value, i) => {
      const word = BigInt.asIntN(256, readLittle(view, signed + 32 * i));
      expect(word === value || word === value - r).toBe(true);
      expect(2n * (word < 0n ? -word : word) <= r + (r >> 10n)).toBe(true);
    });
  });

  it('words of r or more are counted, and those longer than a window', () => {
    const { instance, allocator, view } = setUp(10_000);
    const [words, bound] = [allocator.allocate(320), allocator.allocate(32)];
    writeLittle(view, bound, r);
    const values = [0n, r - 1n, r, r + 1n, 2n ** 256n - 1n, 2n ** 192n, r ^ (1n << 200n), r - (1n << 64n)];
    values.forEach((value, i) => {
      writeLittle(view, words + 32 * i, value);
    });
    expect(instance.call.countNotBelow!(words, values.length, bound)).toBe(
      values.filter((value) => value >= r).length,
    );
    writeLittle(view, bound, 1n << 100n);
    [1n << 100n, (1n << 100n) + 15n, (1n << 100n) + 16n, 0n].forEach((value, i) => {
      writeLittle(view, words + 32 * i, value);
    });
    expect(instance.call.countLong!(words, 4, bound, 4)).toBe(2);
  });
});
