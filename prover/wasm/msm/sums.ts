// Sums of many lists of points: each list is halved round by round, the additions of all lists in common batches.
import { type Degree, pointBytes } from '../curve/index.ts';
import type { Kernel } from '../kernel.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';
import { allocateBatch, type Batch, createBatch, pairSlack } from './batch.ts';

/** Points that are summed at a time: more make rounds longer, fewer stay in the processor's cache. */
const chunkPoints: Readonly<Record<Degree, number>> = { 1: 1 << 15, 2: 1 << 14 };
/** Room for what the last entry of each round writes too much. */
const slack = 256;

/** Lists of references, one behind the other: `counts[i]` of them in list i. Both are overwritten. */
export interface Lists {
  /** Address of the references, 32 bits each. */
  readonly references: number;
  /** Address of the counts, 32 bits each. */
  readonly counts: number;
  readonly lists: number;
  /** Where references `2 index + sign` point; without it, they are addresses of points. */
  readonly table?: number;
}

/** Sums at addresses, each with the number of its list; lists whose sum is infinity are missing. */
export interface ListSums {
  readonly owners: Uint32Array;
  readonly addresses: Uint32Array;
}

export interface Sums {
  readonly batch: Batch;
  /** @param to where the sums are put, one behind the other: room for every list, and for each chunk of references one more. */
  sum(lists: Lists, to: number): ListSums;
  /** References that a list may have so that one chunk is enough. */
  readonly chunk: number;
}

/** The sums of stretches of lists, one behind the other and so many lists each; owners count from their stretch's first. */
export function stretches({ owners, addresses }: ListSums, sizes: readonly number[]): ListSums[] {
  let [end, from] = [0, 0];
  return sizes.map((size) => {
    const [first, start] = [end, from];
    end += size;
    while (from < owners.length && owners[from]! < end) from++;
    return {
      owners: owners.subarray(start, from).map((list) => list - first),
      addresses: addresses.subarray(start, from),
    };
  });
}

/** Where the memory of sums lies. */
export type SumsLayout = ReturnType<typeof allocateSums>;

export function allocateSums(kernel: Kernel, degree: Degree, allocator: Allocator) {
  const chunk = chunkPoints[degree];
  return {
    batch: allocateBatch(kernel, degree, allocator),
    degree,
    chunk,
    points: allocator.allocate(pointBytes(degree) * (chunk + slack)),
    pairs: allocator.allocate(8 * (chunk / 2 + pairSlack)),
    singles: allocator.allocate(8 * (chunk + pairSlack)),
    pieceCount: allocator.allocate(4),
  };
}

export function createSums(instance: KernelInstance, layout: SumsLayout, checkpoint: () => void): Sums {
  const { degree, chunk, points, pairs, singles, pieceCount } = layout;
  const point = pointBytes(degree);
  const { call, memory } = instance;
  const batch = createBatch(instance, layout.batch, checkpoint);
  const words = new Uint32Array(memory.buffer);
  const [planPacked, plan] = [call[`planPacked${degree}`]!, call[`plan${degree}`]!];
  const collect = call[`collect${degree}`]!;

  /** Takes infinite sums out of their lists. */
  const remove = ({ references, counts, lists }: Lists, sums: number, infinite: readonly number[]): void => {
    if (infinite.length === 0) return;
    const gone = new Set(infinite.map((i) => sums + point * i));
    let [from, to] = [references >> 2, references >> 2];
    for (let list = 0; list < lists; list++) {
      const at = (counts >> 2) + list;
      for (let rest = words[at]!; rest > 0; rest--, from++) {
        if (gone.has(words[from]!)) words[at]!--;
        else words[to++] = words[from]!;
      }
    }
  };

  /** One chunk to its end: afterwards every count is 0 or 1, and references are addresses. */
  const sumChunk = (lists: Lists, total: number): void => {
    const { references, counts, table } = lists;
    let free = points;
    const pad = (n: number) => n + 3;
    if (table !== undefined) {
      // Where copies of what is left over will lie depends on the number of pairs, which is known when they are counted.
      const pairCount = call.countPairs!(counts, lists.lists);
      const copies = points + point * pad(pairCount);
      planPacked(references, counts, lists.lists, pairs, points, singles, copies);
      const single = total - 2 * pairCount;
      if (single > 0) batch.copy(singles, single, copies, table);
      const infinite = pairCount > 0 ? batch.add(pairs, pairCount, points, table) : [];
      remove(lists, points, infinite);
      free = copies + point * pad(single);
    }
    for (;;) {
      const pairCount = plan(references, counts, lists.lists, pairs, free);
      if (pairCount === 0) return;
      const infinite = batch.add(pairs, pairCount, free);
      remove(lists, free, infinite);
      free += point * pad(pairCount);
    }
  };

  return {
    batch,
    chunk,
    sum({ references, counts, lists, table }, to) {
      const owners: number[] = [];
      let end = to;
      let pieces = false;
      const part = (from: number, at: number, first: number, n: number, total: number) => {
        if (total === 0) return;
        const one = { references: from, counts: at, lists: n, ...(table === undefined ? {} : { table }) };
        sumChunk(one, total);
        let found = 0;
        for (let i = 0; i < n; i++) {
          if (words[(at >> 2) + i]! === 0) continue;
          owners.push(first + i);
          found++;
        }
        collect(from, found, end);
        end += point * found;
      };
      let [from, first, total] = [references, 0, 0];
      for (let list = 0; list < lists; list++) {
        const count = words[(counts >> 2) + list]!;
        if (total + count > chunk) {
          part(from, counts + 4 * first, first, list - first, total);
          [from, first, total] = [from + 4 * total, list, 0];
        }
        if (count <= chunk) {
          total += count;
          continue;
        }
        pieces = true;
        for (let rest = count; rest > 0; rest -= chunk) {
          const size = Math.min(rest, chunk);
          words[pieceCount >> 2] = size;
          part(from, pieceCount, list, 1, size);
          from += 4 * size;
        }
        first = list + 1;
      }
      part(from, counts + 4 * first, first, lists - first, total);
      const addresses = new Uint32Array(owners.length);
      for (let i = 0; i < owners.length; i++) addresses[i] = to + point * i;
      if (!pieces) return { owners: new Uint32Array(owners), addresses };
      return joinPieces(owners, addresses, end);
    },
  };

  /** Sums of the pieces of lists that were longer than a chunk. */
  function joinPieces(owners: readonly number[], addresses: Uint32Array, end: number): ListSums {
    const result = { owners: [] as number[], addresses: [] as number[] };
    for (let i = 0; i < owners.length; ) {
      let next = i + 1;
      while (next < owners.length && owners[next] === owners[i]) next++;
      let address: number | undefined = addresses[i]!;
      if (next - i > 1) {
        // The references' own memory is free now.
        const at = singles >> 2;
        words.set(addresses.subarray(i, next), at);
        words[pieceCount >> 2] = next - i;
        sumChunk({ references: singles, counts: pieceCount, lists: 1 }, next - i);
        address = words[pieceCount >> 2] === 0 ? undefined : end;
        if (address !== undefined) collect(singles, 1, end);
        end += point;
      }
      if (address !== undefined) {
        result.owners.push(owners[i]!);
        result.addresses.push(address);
      }
      i = next;
    }
    return { owners: new Uint32Array(result.owners), addresses: new Uint32Array(result.addresses) };
  }
}
