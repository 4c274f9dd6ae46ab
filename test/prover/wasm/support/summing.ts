// A sum of multiples of points in one thread, from scalars that say which multiples of the generator the points are.

import { fieldOrder as r } from '@murmuration/core';
import { bn254 } from '@noble/curves/bn254.js';
import { packLittle, writeLittle } from '../../../../prover/kzg/bytes.ts';
import type { Degree } from '../../../../prover/wasm/curve/index.ts';
import { type KernelName, kernels } from '../../../../prover/wasm/kernel.ts';
import { createAllocator } from '../../../../prover/wasm/memory.ts';
import {
  compileKernel,
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
  type KernelModule,
  type ModulePart,
} from '../../../../prover/wasm/module.ts';
import {
  type BasesShape,
  type Job,
  jobsOf,
  longJobs,
  tableBytes,
} from '../../../../prover/wasm/msm/bases.ts';
import { combineG1, combineG2 } from '../../../../prover/wasm/msm/combine.ts';
import { allocateSummer, createSummer } from '../../../../prover/wasm/msm/summer.ts';
import { createTableMaker } from '../../../../prover/wasm/msm/tables.ts';
import { storedScalar } from '../../../../prover/wasm/msm/windows.ts';
import { createFixedBase, type FixedBase } from '../../support/fixed_base.ts';

const modules = new Map<string, KernelModule>();

/** A kernel's module, compiled once a process. */
export function moduleOf(name: KernelName, part: ModulePart = 'sums'): KernelModule {
  const known = modules.get(`${name} ${part}`) ?? compileKernel(name, part);
  modules.set(`${name} ${part}`, known);
  return known;
}

const bases = new Map<Degree, Promise<FixedBase>>();
/** Multiples of the generator in the form of a key file, by ffjavascript. */
export async function multiplesOf(degree: Degree, scalars: readonly bigint[]): Promise<Uint8Array> {
  const base = bases.get(degree) ?? createFixedBase(degree === 1 ? 'g1' : 'g2');
  bases.set(degree, base);
  return (await base).multiply(packLittle(scalars));
}

/** Points that can be summed with any scalars. */
export interface TestSum {
  readonly shape: BasesShape;
  /** Whether the sum equals the oracle's; `parts` divides buckets among jobs. */
  holds(scalars: readonly bigint[], options?: { parts?: number; long?: boolean }): boolean;
}

/** @param checkpoint is called before each batch, of tables and of sums; it may throw. */
export async function createTestSum(
  name: KernelName,
  shape: BasesShape,
  points: readonly bigint[],
  checkpoint: () => void = () => {},
): Promise<TestSum> {
  const { degree, windows, full, short } = shape;
  const module = moduleOf(name);
  const limits = {
    references: points.length * windows.list.length + 16,
    buckets: 2 ** (windows.width - 1),
  };
  const layOut = (start: number) => {
    const allocator = createAllocator(start);
    const [table, raw, scalars] = [
      tableBytes(shape) + 2048,
      64 * degree * (points.length + 8),
      32 * points.length + 64,
    ].map((bytes) => allocator.allocate(bytes)) as [number, number, number];
    const summer = allocateSummer(kernels[name], degree, limits, allocator);
    return { table, raw, scalars, summer, end: allocator.top };
  };
  const layout = layOut(firstFreeAddress);
  const memory = createKernelMemory(layout.end + 1024);
  // What nobody has written is not 0: a sum leaves its references and addresses behind for the next. These point out of every table.
  new Uint8Array(memory.buffer).fill(0xfe, layout.raw);
  const instance = instantiateKernel(module, memory);
  const summer = createSummer(instance, layout.summer, checkpoint);
  const maker = createTableMaker(
    instantiateKernel(moduleOf(name, 'tables'), memory),
    degree,
    summer.sums.batch,
  );
  new Uint8Array(memory.buffer).set(await multiplesOf(degree, points), layout.raw);
  maker.importPoints(layout.raw, full + short, layout.table, 0);
  maker.fillLevels(shape, layout.table, 0, full);
  const view = new DataView(memory.buffer);
  return {
    shape,
    holds(scalars, { parts = 1, long = false } = {}) {
      scalars.forEach((scalar, i) => {
        writeLittle(view, layout.scalars + 32 * i, storedScalar(scalar, windows));
      });
      const jobs: Job[] = [...jobsOf(shape, parts), ...(long ? longJobs(shape) : [])];
      const terms = jobs.flatMap((job) => summer.run([job], layout.table, layout.scalars));
      const total = points.reduce((sum, point, i) => (sum + point * scalars[i]!) % r, 0n);
      if (degree === 1) return combineG1(terms).equals(bn254.G1.Point.BASE.multiplyUnsafe(total));
      return combineG2(terms).equals(bn254.G2.Point.BASE.multiplyUnsafe(total));
    },
  };
}

/** Numbers below r, the same for the same seed. */
export function* pseudorandom(seed: bigint): Generator<bigint> {
  for (let value = seed + 3n; ; ) {
    value = (value ** 5n + 0x9e3779b97f4a7c15n) % r;
    yield value;
  }
}
