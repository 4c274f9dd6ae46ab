// `sum over b of b B_b` for bucket sums B_b, without a sequence of dependent additions: the numbers b are split into their high and their
// low half, the sums of all points with the same half are taken, and so on down to single bits; what is left is one point for each bit.
import type { Degree } from '../curve/index.ts';
import { pointBytes } from '../curve/index.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';
import type { ListSums, Sums } from './sums.ts';

/** Points whose sum of `2^bit` multiples is wanted; addresses by bit, undefined for infinity. */
export type BitSums = readonly (number | undefined)[];

export interface Weigher {
  /** @param buckets points by their weight (`owners`), which is above 0 and below `2^bits`. */
  weigh(buckets: ListSums, bits: number): BitSums;
}

interface Group {
  readonly low: number;
  readonly high: number;
  readonly points: ListSums;
}

/** Where the memory of a weigher lies. */
export type WeigherLayout = ReturnType<typeof allocateWeigher>;

/** Halves of a number of this many bits, twice, are what the first level has lists for. */
const mostLists = 2 * 2 ** 10;

/** @param points the most that can be weighed. */
export function allocateWeigher(degree: Degree, points: number, allocator: Allocator) {
  const room = pointBytes(degree) * (mostLists + 64);
  return {
    references: allocator.allocate(4 * 2 * points),
    counts: allocator.allocate(4 * mostLists),
    results: [allocator.allocate(room), allocator.allocate(room)] as const,
  };
}

export function createWeigher(
  { memory }: KernelInstance,
  { references, counts, results }: WeigherLayout,
  sums: Sums,
): Weigher {
  const words = new Uint32Array(memory.buffer);

  /** Each group in two halves of its bits. */
  const split = (groups: readonly Group[], to: number): Group[] => {
    const halves = groups.flatMap(({ low, high, points }) => {
      const middle = (low + high + 1) >> 1;
      return [
        { low, high: middle, points, from: low },
        { low: middle, high, points, from: low },
      ].map((half) => ({ ...half, shift: half.low - half.from, size: 2 ** (half.high - half.low) }));
    });
    let lists = 0;
    const starts = halves.map(({ size }) => {
      lists += size;
      return lists - size;
    });
    const at = counts >> 2;
    words.fill(0, at, at + lists);
    halves.forEach(({ points, shift, size }, h) => {
      for (const weight of points.owners) {
        const key = (weight >>> shift) & (size - 1);
        if (key !== 0) words[at + starts[h]! + key]!++;
      }
    });
    const ends = new Uint32Array(lists);
    for (let list = 1; list < lists; list++) ends[list] = ends[list - 1]! + words[at + list - 1]!;
    halves.forEach(({ points, shift, size }, h) => {
      points.owners.forEach((weight, i) => {
        const key = (weight >>> shift) & (size - 1);
        if (key !== 0) words[(references >> 2) + ends[starts[h]! + key]!++] = points.addresses[i]!;
      });
    });
    const summed = sums.sum({ references, counts, lists }, to);
    return halves.map(({ low, high, size }, h) => {
      const [first, end] = [starts[h]!, starts[h]! + size];
      const own = (_: number, i: number) => summed.owners[i]! >= first && summed.owners[i]! < end;
      return {
        low,
        high,
        points: {
          owners: summed.owners.filter(own).map((owner) => owner - first),
          addresses: summed.addresses.filter(own),
        },
      };
    });
  };

  return {
    weigh(buckets, bits) {
      let groups: Group[] = [{ low: 0, high: bits, points: buckets }];
      const done: (number | undefined)[] = new Array(bits).fill(undefined);
      for (let level = 0; groups.length > 0; level++) {
        const next: Group[] = [];
        for (const group of groups) {
          if (group.high - group.low > 1) next.push(group);
          else done[group.low] = group.points.addresses[0];
        }
        groups = next.length > 0 ? split(next, results[level & 1]!) : [];
      }
      return done;
    },
  };
}
