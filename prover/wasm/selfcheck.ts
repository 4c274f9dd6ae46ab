// Whether a kernel computes correctly on this machine: the very code that will run, against big integers. It finds what no specification
// excludes: relaxed multiply-add that rounds twice, vectors merged wrongly, a processor that differs.

import { fieldOrder as r } from '@murmuration/core';
import { bn254 } from '@noble/curves/bn254.js';
import { rootOfUnity } from '../keys/field.ts';
import { writeLittle } from '../kzg/bytes.ts';
import { type G1, type G2, baseFieldOrder as p } from '../kzg/points.ts';
import type { Degree } from './curve/index.ts';
import { inverse, mod, power } from './field/index.ts';
import { kernels, numberBytes, readNumber, writeNumber } from './kernel.ts';
import { type Allocator, createAllocator } from './memory.ts';
import {
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
  type KernelInstance,
  type KernelModule,
} from './module.ts';
import { jobsOf, shapeOf, tableBytes } from './msm/bases.ts';
import { combineG1, combineG2 } from './msm/combine.ts';
import { allocateSummer, createSummer } from './msm/summer.ts';
import { createTableMaker } from './msm/tables.ts';
import { storedScalar } from './msm/windows.ts';
import { allocateDomain, cosetIndex, fillDomain, toCoset } from './scalar/domain.ts';

const memoryBytes = 24 * 2 ** 20;

/** A kernel that computes something else than it should. */
export class SelfCheckError extends Error {
  override name = 'SelfCheckError';
}

/** @throws SelfCheckError naming what is wrong. */
export function selfCheck(module: KernelModule): void {
  const memory = createKernelMemory(module, memoryBytes);
  const instance = instantiateKernel(module, memory);
  for (const degree of [1, 2] as const) {
    checkSum(instance, degree, createAllocator(firstFreeAddress, memoryBytes));
  }
  checkTransform(instance, createAllocator(firstFreeAddress, memoryBytes));
}

/** Numbers that fill their limbs differently, the same every time. */
function* scalars(): Generator<bigint> {
  yield* [1n, 2n, r - 1n, r / 2n, r / 2n + 1n, 2n ** 51n - 1n, 2n ** 204n, 2n ** 253n % r];
  for (let value = 3n; ; value = (value * value + 7n) % r) yield value;
}

/** A sum of multiples, whose points have equal and opposite ones among them. */
function checkSum(instance: KernelInstance, degree: Degree, allocator: Allocator): void {
  const count = 29;
  const shape = shapeOf({ degree, full: count, short: 0 }, 5, 6);
  const values = scalars();
  const take = () => values.next().value as bigint;
  const points = Array.from({ length: count }, take);
  // Two points with each of these numbers, and one with its negative.
  [points[1], points[2]] = [points[0]!, r - points[0]!];
  const factors = Array.from({ length: count }, take);
  [factors[1], factors[2], factors[3]] = [factors[0]!, factors[0]!, 0n];
  const table = allocator.allocate(tableBytes(shape) + 1024);
  const raw = allocator.allocate(64 * degree * (count + 4));
  const stored = allocator.allocate(32 * count + 64);
  const limits = { references: count * shape.windows.list.length, buckets: 2 ** (shape.windows.width - 1) };
  const layout = allocateSummer(kernels[instance.name], degree, limits, allocator);
  const summer = createSummer(instance, layout, () => {});
  const maker = createTableMaker(instance, degree, summer.sums.batch);
  const view = new DataView(instance.memory.buffer);
  const montgomery = (value: bigint) => mod(value << 256n, p);
  points.forEach((value, i) => {
    coordinates(degree, value).forEach((coordinate, k) => {
      writeLittle(view, raw + 64 * degree * i + 32 * k, montgomery(coordinate));
    });
  });
  maker.importPoints(raw, count, table, 0);
  maker.fillLevels(shape, table, 0, count);
  factors.forEach((value, i) => {
    writeLittle(view, stored + 32 * i, storedScalar(value, shape.windows));
  });
  const terms = jobsOf(shape, 2).flatMap((job) => summer.run(job, table, stored));
  const total = points.reduce((sum, value, i) => (sum + value * factors[i]!) % r, 0n);
  const equal =
    degree === 1
      ? combineG1(terms).equals(multiple(1, total) as G1)
      : combineG2(terms).equals(multiple(2, total) as G2);
  if (!equal) throw new SelfCheckError(`a sum of ${count} points of G${degree} is wrong`);
}

function multiple(degree: Degree, value: bigint): G1 | G2 {
  const base = degree === 1 ? bn254.G1.Point.BASE : bn254.G2.Point.BASE;
  return base.multiply(value);
}

function coordinates(degree: Degree, value: bigint): bigint[] {
  if (degree === 1) {
    const { x, y } = (multiple(1, value) as G1).toAffine();
    return [x, y];
  }
  const { x, y } = (multiple(2, value) as G2).toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
}

/** From the domain to the coset, and `a b - c`. */
function checkTransform(instance: KernelInstance, allocator: Allocator): void {
  const kernel = kernels[instance.name];
  const { lanes } = kernel;
  const log2Size = 5;
  const size = 2 ** log2Size;
  const domain = allocateDomain(lanes, log2Size, allocator);
  fillDomain(instance, domain);
  const rows = [0, 1, 2].map(() => allocator.allocate(numberBytes * size)) as [number, number, number];
  const view = new DataView(instance.memory.buffer);
  const place = (data: number, i: number) => ({
    address: data + numberBytes * lanes * Math.floor(i / lanes),
    lane: i % lanes,
    lanes,
  });
  const values = scalars();
  const vectors = rows.map((data) => {
    const vector = Array.from({ length: size }, () => values.next().value as bigint);
    vector.forEach((value, i) => {
      writeNumber(kernel, view, place(data, i), value, r);
    });
    toCoset(instance, domain, data);
    return vector;
  });
  const quotients = allocator.allocate(32 * size);
  for (let i = 0; i < size; i++) {
    const point =
      (rootOfUnity(log2Size + 1) * power(rootOfUnity(log2Size), BigInt(cosetIndex(i, size)), r)) % r;
    const expected = vectors.map((vector) => interpolate(vector, log2Size, point)) as [
      bigint,
      bigint,
      bigint,
    ];
    rows.forEach((data, k) => {
      if (readNumber(kernel, view, place(data, i), r) !== expected[k]) {
        throw new SelfCheckError(`element ${i} of a transform is wrong`);
      }
    });
    vectors[3] = [...(vectors[3] ?? []), mod(expected[0] * expected[1] - expected[2], r)];
  }
  instance.call.quotient!(...rows, size / lanes, quotients);
  for (let i = 0; i < size; i++) {
    let value = 0n;
    for (let k = 3; k >= 0; k--) value = (value << 64n) | view.getBigUint64(quotients + 32 * i + 8 * k, true);
    if (mod(BigInt.asIntN(256, value), r) !== vectors[3]![i]) {
      throw new SelfCheckError(`quotient ${i} is wrong`);
    }
  }
}

/** The value at `point` of the polynomial with these values on the domain. */
function interpolate(vector: readonly bigint[], log2Size: number, point: bigint): bigint {
  const root = rootOfUnity(log2Size);
  let [sum, x] = [0n, 1n];
  for (const value of vector) {
    sum += ((value * x) % r) * inverse(point - x, r);
    x = (x * root) % r;
  }
  const size = BigInt(vector.length);
  return mod(sum * mod((power(point, size, r) - 1n) * inverse(size, r), r), r);
}
