// Sums of multiples of fixed points: digits into buckets, bucket sums, weights. What a thread does with a job.
import { baseFieldOrder } from '../../kzg/points.ts';
import { type Degree, pointBytes } from '../curve/index.ts';
import { type Kernel, kernels, numberBytes, readNumber } from '../kernel.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';
import type { Job } from './bases.ts';
import { allocateSums, createSums, type Sums } from './sums.ts';
import { allocateWeigher, createWeigher } from './weigh.ts';

/** A point to be multiplied by `2^exponent`: coordinates, one or two numbers each. */
export interface Weighted {
  readonly exponent: number;
  readonly x: readonly bigint[];
  readonly y: readonly bigint[];
}

export interface Summer {
  readonly sums: Sums;
  /**
   * @param table address of the points, packed.
   * @param scalars address of the scalars, stored as windows.ts says; eight bytes behind the last are read.
   */
  run(job: Job, table: number, scalars: number): Weighted[];
  /** The affine coordinates of a point. */
  readPoint(address: number): { x: bigint[]; y: bigint[] };
}

export interface SummerLimits {
  readonly references: number;
  readonly buckets: number;
}

/** Where the memory of a summer lies. */
export type SummerLayout = ReturnType<typeof allocateSummer>;

export function allocateSummer(
  kernel: Kernel,
  degree: Degree,
  { references, buckets }: SummerLimits,
  allocator: Allocator,
) {
  const sums = allocateSums(kernel, degree, allocator);
  const pieces = 2 * Math.ceil(references / sums.chunk) + 2;
  return {
    sums,
    degree,
    weigher: allocateWeigher(degree, buckets, allocator),
    references: allocator.allocate(4 * references),
    counts: allocator.allocate(4 * buckets),
    ends: allocator.allocate(4 * buckets),
    results: allocator.allocate(pointBytes(degree) * (buckets + pieces)),
  };
}

export function createSummer(instance: KernelInstance, layout: SummerLayout, checkpoint: () => void): Summer {
  const { degree, references, counts, ends, results } = layout;
  const { call, memory } = instance;
  const sums = createSums(instance, layout.sums, checkpoint);
  const weigher = createWeigher(instance, layout.weigher, sums);
  const words = new Uint32Array(memory.buffer);
  const view = new DataView(memory.buffer);
  const kernel = kernels[instance.name];

  const readPoint = (address: number) => {
    const numbers = Array.from({ length: 2 * degree }, (_, i) =>
      readNumber(kernel, view, { address: address + numberBytes * i }, baseFieldOrder),
    );
    return { x: numbers.slice(0, degree), y: numbers.slice(degree) };
  };

  return {
    sums,
    readPoint,
    run({ exponent, strips, low, span }, table, scalars) {
      words.fill(0, counts >> 2, (counts >> 2) + span);
      const digits = strips.map(({ window: { position, bits }, firstScalar, count, firstPoint }) => ({
        from: scalars + 32 * firstScalar,
        position,
        count,
        mask: 2 ** bits - 1,
        half: 2 ** (bits - 1),
        reference: 2 * firstPoint,
      }));
      for (const { from, count, position, mask, half } of digits) {
        call.count!(from, count, position, mask, half, low, span, counts);
      }
      let total = 0;
      let highest = 0;
      for (let bucket = 0; bucket < span; bucket++) {
        const count = words[(counts >> 2) + bucket]!;
        words[(ends >> 2) + bucket] = total;
        total += count;
        if (count > 0) highest = low + bucket + 1;
      }
      if (total === 0) return [];
      for (const { from, count, position, mask, half, reference } of digits) {
        call.place!(from, count, position, mask, half, low, span, ends, references, reference);
      }
      const buckets = sums.sum({ references, counts, lists: span, table }, results);
      const weighed = { ...buckets, owners: buckets.owners.map((bucket) => low + bucket + 1) };
      return weigher
        .weigh(weighed, 32 - Math.clz32(highest))
        .flatMap((address, bit): Weighted[] =>
          address === undefined ? [] : [{ exponent: exponent + bit, ...readPoint(address) }],
        );
    },
  };
}
