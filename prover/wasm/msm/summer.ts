// Sums of multiples of fixed points: digits into buckets, bucket sums, weights. What a thread does with a job.
import { baseFieldOrder } from '../../kzg/points.ts';
import { type Degree, pointBytes } from '../curve/index.ts';
import { type Kernel, kernels, numberBytes, readNumber } from '../kernel.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';
import type { Job } from './bases.ts';
import { allocateSums, createSums, type Sums, stretches } from './sums.ts';
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
   * The points of all jobs. Additions of several small ones share their batches, each of which has one inversion.
   * @param table address of the points, packed.
   * @param scalars address of the scalars, stored as windows.ts says; eight bytes behind the last are read.
   */
  run(jobs: readonly Job[], table: number, scalars: number): Weighted[];
  /** The affine coordinates of a point. */
  readPoint(address: number): { x: bigint[]; y: bigint[] };
}

/** What the jobs that run together may have, at most. */
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
    run(jobs, table, scalars) {
      let lists = 0;
      const digits = jobs.flatMap(({ strips, low, span }) => {
        const first = lists;
        lists += span;
        return strips.map(({ window: { position, bits }, firstScalar, count, firstPoint }) => ({
          from: scalars + 32 * firstScalar,
          position,
          count,
          mask: 2 ** bits - 1,
          half: 2 ** (bits - 1),
          reference: 2 * firstPoint,
          low,
          span,
          first,
        }));
      });
      words.fill(0, counts >> 2, (counts >> 2) + lists);
      for (const { from, count, position, mask, half, low, span, first } of digits) {
        call.count!(from, count, position, mask, half, low, span, counts + 4 * first);
      }
      let total = 0;
      for (let list = 0; list < lists; list++) {
        words[(ends >> 2) + list] = total;
        total += words[(counts >> 2) + list]!;
      }
      if (total === 0) return [];
      for (const { from, count, position, mask, half, low, span, first, reference } of digits) {
        call.place!(from, count, position, mask, half, low, span, ends + 4 * first, references, reference);
      }
      const buckets = stretches(
        sums.sum({ references, counts, lists, table }, results),
        jobs.map(({ span }) => span),
      );
      const weighed = buckets.map(({ owners, addresses }, job) => ({
        owners: owners.map((bucket) => jobs[job]!.low + bucket + 1),
        addresses,
      }));
      return weigher
        .weigh(weighed)
        .flatMap((bits, job) =>
          bits.flatMap((address, bit): Weighted[] =>
            address === undefined ? [] : [{ exponent: jobs[job]!.exponent + bit, ...readPoint(address) }],
          ),
        );
    },
  };
}
