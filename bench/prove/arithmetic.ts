// Measures the parts of a proof by kernel and by size, on one thread: products in Fp, sums of multiples over tables, transforms. Processor
// time in milliseconds, kernels in turn within each run.

import { chooseShape } from '../../prover/wasm/groth16/layout.ts';
import { type KernelName, kernelNames, kernels, numberBytes } from '../../prover/wasm/kernel.ts';
import { createAllocator } from '../../prover/wasm/memory.ts';
import {
  compileKernel,
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
  type KernelModule,
} from '../../prover/wasm/module.ts';
import { jobsOf, referencesOf, tableBytes } from '../../prover/wasm/msm/bases.ts';
import { createKernelFixedBase } from '../../prover/wasm/msm/fixed_base.ts';
import { allocateSummer, createSummer } from '../../prover/wasm/msm/summer.ts';
import { createTableMaker } from '../../prover/wasm/msm/tables.ts';
import { allocateDomain, fillDomain, toCoset } from '../../prover/wasm/scalar/domain.ts';
import { multiplicationNs } from '../../prover/wasm/select.ts';
import { selfCheck } from '../../prover/wasm/selfcheck.ts';
import { type Timing, timing } from './statistics.ts';

/** One kernel at one size. */
export interface MeasuredSize {
  readonly kernel: KernelName;
  readonly log2Size: number;
  /** Sum of random multiples of as many points of G1. */
  readonly sum: Timing;
  /** From the domain to the coset: two transforms. */
  readonly transform: Timing;
}

interface Kernel {
  readonly name: KernelName;
  readonly sums: KernelModule;
  readonly tables: KernelModule;
}

/** The kernels that compute correctly here. */
export function usableKernels(): Kernel[] {
  return kernelNames.flatMap((name) => {
    const sums = compileKernel(name);
    try {
      selfCheck(sums);
    } catch {
      return [];
    }
    return [{ name, sums, tables: compileKernel(name, 'tables') }];
  });
}

/** Nanoseconds of a product, by kernel. */
export function measureProducts(names: readonly KernelName[]): { kernel: KernelName; ns: number }[] {
  return names.map((kernel) => ({ kernel, ns: Math.round(10 * multiplicationNs(kernel)) / 10 }));
}

/** Processor time of `work`, in milliseconds. */
function processor(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Sums and transforms of one size with each kernel. */
export function measureSize(
  all: readonly Kernel[],
  log2Size: number,
  levels: number,
  runs: number,
): MeasuredSize[] {
  const prepared = all.map((kernel) => ({ kernel, ...prepare(kernel, log2Size, levels) }));
  const times = prepared.map(() => ({ sum: [] as number[], transform: [] as number[] }));
  for (let run = -1; run < runs; run++) {
    prepared.forEach(({ sum, transform }, i) => {
      const measured = [processor(sum), processor(transform)] as const;
      // The first warms up.
      if (run < 0) return;
      times[i]!.sum.push(measured[0]);
      times[i]!.transform.push(measured[1]);
    });
  }
  return prepared.map(({ kernel }, i) => ({
    kernel: kernel.name,
    log2Size,
    sum: timing(times[i]!.sum),
    transform: timing(times[i]!.transform),
  }));
}

function prepare({ name, sums, tables }: Kernel, log2Size: number, levels: number) {
  const size = 2 ** log2Size;
  const kernel = kernels[name];
  const shape = chooseShape({ degree: 1, full: size, short: 0 }, levels);
  const jobs = jobsOf(shape);
  const limits = {
    references: Math.max(...jobs.map(referencesOf)),
    buckets: 2 ** (shape.windows.width - 1),
  };
  const layOut = () => {
    const allocator = createAllocator(firstFreeAddress);
    return {
      table: allocator.allocate(tableBytes(shape) + 1024),
      scalars: allocator.allocate(32 * size + 64),
      summer: allocateSummer(kernel, 1, limits, allocator),
      domain: allocateDomain(kernel.lanes, log2Size, allocator),
      rows: allocator.allocate(numberBytes * size),
      end: allocator.top,
    };
  };
  const layout = layOut();
  const memory = createKernelMemory(layout.end + 1024);
  const instance = instantiateKernel(sums, memory);
  const summer = createSummer(instance, layout.summer, () => {});
  const bytes = new Uint8Array(memory.buffer);
  // Stored scalars are below 2^255; random ones of 254 bits have all digits.
  const random = new Uint8Array(32 * size);
  for (let i = 0; i < random.length; i++)
    random[i] = i % 32 === 31 ? Math.random() * 0x30 : Math.random() * 256;
  bytes.set(createKernelFixedBase(1, sums, tables).multiply(random), layout.table);
  bytes.set(random, layout.scalars);
  const maker = createTableMaker(instantiateKernel(tables, memory), 1, summer.sums.batch);
  maker.importPoints(layout.table, size, layout.table, 0);
  maker.fillLevels(shape, layout.table, 0, size);
  fillDomain(instance, layout.domain);
  return {
    sum: () => {
      for (const job of jobs) summer.run([job], layout.table, layout.scalars);
    },
    transform: () => toCoset(instance, layout.domain, layout.rows),
  };
}
