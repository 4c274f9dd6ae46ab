// `sum over b of b B_b` for bucket sums B_b, without a sequence of dependent additions: the numbers b are split into their high and their
// low half, the sums of all points with the same half are taken, and so on down to single bits; what is left is one point for each bit.
import type { Degree } from '../curve/index.ts';
import { pointBytes } from '../curve/index.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';
import { type ListSums, type Sums, stretches } from './sums.ts';

/** Points whose sum of `2^bit` multiples is wanted; addresses by bit, undefined for infinity. */
export type BitSums = readonly (number | undefined)[];

export interface Weigher {
  /** @param groups each of points by their weight (`owners`): above 0, and ascending. */
  weigh(groups: readonly ListSums[]): BitSums[];
}

interface Group {
  /** Which of the groups that were given it is a part of. */
  readonly of: number;
  readonly low: number;
  readonly high: number;
  readonly points: ListSums;
}

/** Where the memory of a weigher lies. */
export type WeigherLayout = ReturnType<typeof allocateWeigher>;

/** Lists for the halves of all weights, at most: enough for one group of 20 bits, or for tens of 9. */
const mostLists = 2 * 2 ** 10;

/** @param points the most that can be weighed, in all groups. */
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
    const halves = groups.flatMap(({ of, low, high, points }) => {
      const middle = (low + high + 1) >> 1;
      return [
        { of, low, high: middle, points, from: low },
        { of, low: middle, high, points, from: low },
      ].map((half) => ({ ...half, shift: half.low - half.from, size: 2 ** (half.high - half.low) }));
    });
    let lists = 0;
    const starts = halves.map(({ size }) => {
      lists += size;
      return lists - size;
    });
    if (lists > mostLists)
      throw new RangeError(`${lists} lists of points, but there is room for ${mostLists}`);
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
    const points = stretches(
      sums.sum({ references, counts, lists }, to),
      halves.map(({ size }) => size),
    );
    return halves.map(({ of, low, high }, h) => ({ of, low, high, points: points[h]! }));
  };

  return {
    weigh(given) {
      // The same for all, so that they are done at the same level or the one before: a level later their room is used again.
      const bits = 32 - Math.clz32(Math.max(0, ...given.map(({ owners }) => owners.at(-1) ?? 0)));
      const done = given.map((): (number | undefined)[] => new Array(bits).fill(undefined));
      let groups = given.map((points, of): Group => ({ of, low: 0, high: bits, points }));
      for (let level = 0; groups.length > 0; level++) {
        const next: Group[] = [];
        for (const group of groups) {
          if (group.high - group.low > 1) next.push(group);
          else done[group.of]![group.low] = group.points.addresses[0];
        }
        groups = next.length > 0 ? split(next, results[level & 1]!) : [];
      }
      return done;
    },
  };
}
