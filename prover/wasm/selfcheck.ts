// Whether a kernel computes correctly on this machine: the very code that will run, against big integers. It finds what no specification
// excludes: relaxed multiply-add that rounds twice, vectors merged wrongly, a processor that differs.

import { fieldOrder as r } from '@murmuration/core';
import { bn254 } from '@noble/curves/bn254.js';
import { rootOfUnity } from '../keys/field.ts';
import { readLittle, writeLittle } from '../kzg/bytes.ts';
import { type G1, type G2, baseFieldOrder as p } from '../kzg/points.ts';
import { poseidon } from '../poseidon/permutation.ts';
import { inverse, mod, power } from './field/index.ts';
import { kernels, numberBytes, packedNumber, readNumber, writeNumber } from './kernel.ts';
import { type Allocator, createAllocator } from './memory.ts';
import {
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
  type KernelInstance,
  type KernelModule,
} from './module.ts';
import { type BasesShape, jobsOf, shapeOf, tableBytes } from './msm/bases.ts';
import { combineG1, combineG2 } from './msm/combine.ts';
import { allocateSummer, createSummer, type Summer } from './msm/summer.ts';
import { createTableMaker } from './msm/tables.ts';
import { storedScalar } from './msm/windows.ts';
import { allocateDomain, cosetIndex, fillDomain, toCoset } from './scalar/domain.ts';
import { createKernelChain, spongeRate } from './sponge.ts';

const memoryBytes = 32 * 2 ** 20;

/** A kernel that computes something else than it should. */
export class SelfCheckError extends Error {
  override name = 'SelfCheckError';
}

/** Checks the module for sums. @throws SelfCheckError naming what is wrong. */
export function selfCheck(module: KernelModule): void {
  const memory = createKernelMemory(memoryBytes);
  const instance = instantiateKernel(module, memory);
  for (const degree of [1, 2] as const) {
    checkSum(instance, shapeOf({ degree, full: count, short: 0 }, 9, 1), ({ view, points, table }) => {
      const kernel = kernels[module.name];
      points.forEach((point, i) => {
        point.forEach((coordinate, k) => {
          writeLittle(view, table + 64 * degree * i + 32 * k, packedNumber(kernel, coordinate, p));
        });
      });
    });
  }
  checkTransform(instance, createAllocator(firstFreeAddress, memoryBytes));
  checkChain(module);
}

/** Checks the module for tables. @throws SelfCheckError naming what is wrong. */
export function selfCheckTables(module: KernelModule, sums: KernelModule): void {
  const memory = createKernelMemory(memoryBytes);
  const maker = instantiateKernel(module, memory);
  for (const degree of [1, 2] as const) {
    const shape = shapeOf({ degree, full: count, short: 0 }, 9, 6);
    checkSum(instantiateKernel(sums, memory), shape, ({ view, points, table, raw, summer }) => {
      points.forEach((point, i) => {
        point.forEach((coordinate, k) => {
          writeLittle(view, raw + 64 * degree * i + 32 * k, mod(coordinate << 256n, p));
        });
      });
      const tables = createTableMaker(maker, degree, summer.sums.batch);
      tables.importPoints(raw, count, table, 0);
      tables.fillLevels(shape, table, 0, count);
    });
  }
}

/** Points of a checked sum. */
const count = 29;

/** Numbers that fill their limbs differently, the same every time. */
function* scalars(): Generator<bigint> {
  yield* [1n, 2n, r - 1n, r / 2n, r / 2n + 1n, 2n ** 51n - 1n, 2n ** 204n, 2n ** 253n % r];
  for (let value = 3n; ; value = (value * value + 7n) % r) yield value;
}

interface CheckedTable {
  readonly view: DataView;
  /** Coordinates of each point. */
  readonly points: readonly (readonly bigint[])[];
  readonly table: number;
  /** Room for the points as a key file has them. */
  readonly raw: number;
  readonly summer: Summer;
}

/** A sum of multiples, whose points have equal and opposite ones among them. */
function checkSum(instance: KernelInstance, shape: BasesShape, fill: (table: CheckedTable) => void): void {
  const { degree } = shape;
  const allocator = createAllocator(firstFreeAddress, memoryBytes);
  const { points, numbers } =
    degree === 1 ? chain(bn254.G1.Point.BASE, coordinates1) : chain(bn254.G2.Point.BASE, coordinates2);
  const values = scalars();
  const factors = Array.from({ length: count }, () => values.next().value as bigint);
  // The first three points are the same, up to the sign.
  [factors[1], factors[2], factors[3]] = [factors[0]!, factors[0]!, 0n];
  const table = allocator.allocate(tableBytes(shape) + 1024);
  const raw = allocator.allocate(64 * degree * (count + 4));
  const stored = allocator.allocate(32 * count + 64);
  const limits = { references: count * shape.windows.list.length, buckets: 2 ** (shape.windows.width - 1) };
  const layout = allocateSummer(kernels[instance.name], degree, limits, allocator);
  const summer = createSummer(instance, layout, () => {});
  const view = new DataView(instance.memory.buffer);
  fill({ view, points, table, raw, summer });
  factors.forEach((value, i) => {
    writeLittle(view, stored + 32 * i, storedScalar(value, shape.windows));
  });
  const terms = jobsOf(shape, 2).flatMap((job) => summer.run([job], table, stored));
  const total = numbers.reduce((sum, value, i) => (sum + value * factors[i]!) % r, 0n);
  const equal =
    degree === 1
      ? combineG1(terms).equals(bn254.G1.Point.BASE.multiplyUnsafe(total))
      : combineG2(terms).equals(bn254.G2.Point.BASE.multiplyUnsafe(total));
  if (!equal) throw new SelfCheckError(`a sum of ${count} points of G${degree} is wrong`);
}

const coordinates1 = (point: G1): bigint[] => {
  const { x, y } = point.toAffine();
  return [x, y];
};
const coordinates2 = (point: G2): bigint[] => {
  const { x, y } = point.toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
};

interface Group<P> {
  double(): P;
  add(other: P): P;
  negate(): P;
}

/** Multiples of a generator, each twice its predecessor and one more; but the second equals the first, and the third is its negative. */
function chain<P extends Group<P>>(base: P, coordinates: (point: P) => readonly bigint[]) {
  const numbers = [1n, 1n, r - 1n];
  const points: P[] = [base, base, base.negate()];
  let [number, point] = [1n, base];
  while (points.length < count) {
    [number, point] = [(2n * number + 1n) % r, point.double().add(base)];
    numbers.push(number);
    points.push(point);
  }
  return { numbers, points: points.map(coordinates) };
}

/** Two permutations of the sponge. */
function checkChain(module: KernelModule): void {
  const values = scalars();
  const [domain, ...elements] = Array.from({ length: 2 * spongeRate }, () => values.next().value as bigint);
  const first = poseidon([domain!, ...elements.slice(0, spongeRate)]);
  const second = poseidon([first, ...elements.slice(spongeRate), 0n]);
  if (createKernelChain(module)(domain!, elements) !== second) throw new SelfCheckError('a sponge is wrong');
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
  const results = [0, 1, 2, 3, 13, size - 1].map((i) => {
    const point =
      (rootOfUnity(log2Size + 1) * power(rootOfUnity(log2Size), BigInt(cosetIndex(i, size)), r)) % r;
    const [a, b, c] = vectors.map((vector, k) => {
      const expected = interpolate(vector, log2Size, point);
      if (readNumber(kernel, view, place(rows[k]!, i), r) !== expected) {
        throw new SelfCheckError(`element ${i} of a transform is wrong`);
      }
      return expected;
    }) as [bigint, bigint, bigint];
    return { i, quotient: mod(a * b - c, r) };
  });
  instance.call.quotient!(...rows, size / lanes, quotients);
  for (const { i, quotient } of results) {
    const value = BigInt.asIntN(256, readLittle(view, quotients + 32 * i));
    if (mod(value, r) !== quotient) throw new SelfCheckError(`quotient ${i} is wrong`);
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
