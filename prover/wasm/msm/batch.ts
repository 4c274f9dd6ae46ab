// Batches of additions of points: into entries, added with one inversion, and out again. The pairs that the formula does not know, a
// point with itself or with its negative, are found where the product of denominators is 0, and mended one by one.
import { baseFieldOrder as p } from '../../kzg/points.ts';
import {
  type Degree,
  entryBytes,
  inversionDigits,
  packedBytes,
  pointBytes,
  rowBytes,
} from '../curve/index.ts';
import { mod } from '../field/index.ts';
import { type Kernel, kernels, numberBytes, readNumber, writeNumber } from '../kernel.ts';
import type { Allocator } from '../memory.ts';
import type { KernelInstance } from '../module.ts';

/** Additions that share an inversion: its time is small against theirs, and they fit the processor's cache. */
export const additions: Readonly<Record<Degree, number>> = { 1: 4096, 2: 2048 };

/** The two passes of a doubling, before and after the inversion. */
export interface DoublingPasses {
  forwardDouble(data: number, entries: number, prefix: number, product: number): unknown;
  backwardDouble(end: number, entries: number, prefixEnd: number, inverse: number): unknown;
}

export interface Batch {
  /**
   * Adds `count` pairs at the address `pairs` and writes the sums from `to` on, one behind the other; up to three more points are
   * written behind them, and up to {@link pairSlack} pairs.
   * @param table where references point; without it, pairs are addresses of points.
   * @returns which sums, by number, are infinity. What is written in their place means nothing.
   */
  add(pairs: number, count: number, to: number, table?: number): number[];
  /** Copies `count` points out of a table; each is named twice, as a pair. */
  copy(pairs: number, count: number, to: number, table: number): void;
  /** Unpacks the points of so many entries' pairs to `data`; the references of one entry more are read. */
  unpack(pairs: number, entries: number, table: number): void;
  /** Doubles the first points of so many entries `times` times, in place, with functions of the module for tables. */
  double(data: number, entries: number, times: number, passes: DoublingPasses): void;
  /** Entries that fit the memory of one batch, and where it lies. */
  readonly entries: number;
  readonly data: number;
  /** Room for the references of one batch, and for the packed points of one entry. */
  readonly references: number;
  readonly spare: number;
}

/** Pairs that are written behind a list of them. */
export const pairSlack = 8;

/** Where the memory of a batch lies. */
export type BatchLayout = ReturnType<typeof allocateBatch>;

const digits = inversionDigits(p);

export function allocateBatch(kernel: Kernel, degree: Degree, allocator: Allocator) {
  const { lanes } = kernel;
  const row = rowBytes(kernel, degree);
  const entries = additions[degree] / lanes;
  return {
    degree,
    entries,
    data: allocator.allocate(entries * entryBytes(kernel, degree)),
    prefix: allocator.allocate(entries * row),
    product: allocator.allocate(row),
    inverse: allocator.allocate(row),
    norm: allocator.allocate(row),
    powers: allocator.allocate(16 * numberBytes * lanes),
    references: allocator.allocate(8 * (entries + 1) * lanes),
    spare: allocator.allocate(packedBytes(degree) * lanes),
    digits: allocator.allocate(digits.length),
    /** The element 1 in all lanes. */
    one: allocator.allocate(row),
  };
}

/** @param checkpoint is called before each batch; it may throw. */
export function createBatch(instance: KernelInstance, layout: BatchLayout, checkpoint: () => void): Batch {
  const { degree, entries, data, prefix, product, inverse, norm, powers, references, spare, one } = layout;
  const kernel = kernels[instance.name];
  const { lanes } = kernel;
  const entry = entryBytes(kernel, degree);
  const row = rowBytes(kernel, degree);
  const number = numberBytes * lanes;
  const digitsAt = layout.digits;
  const bytes = new Uint8Array(instance.memory.buffer);
  const view = new DataView(instance.memory.buffer);
  bytes.set(digits, digitsAt);
  bytes.fill(0, one, one + row);
  for (let lane = 0; lane < lanes; lane++) writeNumber(kernel, view, { address: one, lane, lanes }, 1n, p);
  const call = (name: string) => instance.call[`g${degree}_${name}`]!;
  const [gatherPacked, gather, scatter] = [call('gatherPacked'), call('gather'), call('scatter')];
  const [forward, backward] = [call('forward'), call('backward')];
  const invertNumbers = instance.call.g1_invert!;
  /** `inverse` becomes the inverse of `product`. */
  const invert = () => {
    if (degree === 1) {
      invertNumbers(product, digitsAt, digits.length, powers, inverse);
      return;
    }
    call('norm')(product, norm);
    invertNumbers(norm, digitsAt, digits.length, powers, inverse);
    bytes.copyWithin(norm, inverse, inverse + number);
    call('conjugate')(product, norm, inverse);
  };

  /** An element of Fp or Fp2 of one lane, part by part. */
  const read = (address: number, lane: number): bigint[] =>
    Array.from({ length: degree }, (_, i) =>
      readNumber(kernel, view, { address: address + number * i, lane, lanes }, p),
    );
  const write = (address: number, lane: number, value: readonly bigint[]): void => {
    value.forEach((part, i) => {
      writeNumber(kernel, view, { address: address + number * i, lane, lanes }, mod(part, p), p);
    });
  };
  const isZero = (value: readonly bigint[]): boolean => value.every((part) => part === 0n);
  const productVanishes = (): boolean => {
    for (let lane = 0; lane < lanes; lane++) {
      if (mayBeMultiple(high(product, lane)) && isZero(read(product, lane))) return true;
    }
    return false;
  };
  /** The two highest limbs of a number in doubles, in units of 2^153. */
  const high = (address: number, lane: number): number => {
    const limb = (i: number) => view.getFloat64(address + 8 * (i * lanes + lane), true);
    return limb(4) * 2 ** 51 + limb(3);
  };
  /** Whether a number, or a difference of two, of these highest limbs may be a multiple of p: exact where it says no. */
  const mayBeMultiple = (limbs: number): boolean => {
    if (!kernel.doubles) return true;
    const ratio = limbs / (Number(p) / 2 ** 153);
    return Math.abs(ratio - Math.round(ratio)) < 2 ** -40;
  };

  interface Mend {
    readonly address: number;
    readonly lane: number;
    /** Added to x3 and y3 afterwards; undefined for a sum that is infinity. */
    readonly shift: readonly [bigint[], bigint[]] | undefined;
  }
  /**
   * Changes the pairs with equal x so that they can be added. With `x2 = x1 + 2 y1` and `y2 = y1 + 3 x1^2` the slope is the tangent's, and
   * x3 and y3 come out too small by 2 y1 and too large by 3 x1^2.
   */
  const mendPairs = (count: number): Mend[] => {
    const mends: Mend[] = [];
    for (let i = 0; i < count; i++) {
      for (let lane = 0; lane < lanes; lane++) {
        const address = data + entry * i;
        if (!mayBeMultiple(high(address, lane) - high(address + 2 * row, lane))) continue;
        const [x1, x2] = [read(address, lane), read(address + 2 * row, lane)];
        if (x1.some((part, k) => part !== x2[k])) continue;
        const [y1, y2] = [read(address + row, lane), read(address + 3 * row, lane)];
        if (y1.every((part, k) => part === y2[k]) && !isZero(y1)) {
          const run = y1.map((part) => 2n * part);
          const rise = square(x1).map((part) => 3n * part);
          write(
            address + 2 * row,
            lane,
            x1.map((part, k) => part + run[k]!),
          );
          write(
            address + 3 * row,
            lane,
            y1.map((part, k) => part + rise[k]!),
          );
          mends.push({ address, lane, shift: [run, rise] });
        } else {
          write(address + 2 * row, lane, [x1[0]! + 1n, ...x1.slice(1)]);
          mends.push({ address, lane, shift: undefined });
        }
      }
    }
    return mends;
  };
  const runForward = (count: number): void => {
    bytes.copyWithin(product, one, one + row);
    forward(data, count, prefix, product);
  };
  /** Adds the pairs in `data`; returns the numbers of the sums that are infinity. */
  const addEntries = (count: number): number[] => {
    checkpoint();
    runForward(count);
    let mends: Mend[] = [];
    if (productVanishes()) {
      mends = mendPairs(count);
      runForward(count);
    }
    invert();
    backward(data + entry * count, count, prefix + row * count, inverse);
    const infinite: number[] = [];
    for (const { address, lane, shift } of mends) {
      if (!shift) {
        infinite.push(((address - data) / entry) * lanes + lane);
        continue;
      }
      const [run, rise] = shift;
      write(
        address,
        lane,
        read(address, lane).map((part, k) => part + run[k]!),
      );
      write(
        address + row,
        lane,
        read(address + row, lane).map((part, k) => part - rise[k]!),
      );
    }
    return infinite;
  };
  /**
   * Writes the first pair behind the last, until the last entry is full and one more, which is read while the last is unpacked: at the end
   * of the whole list, since the batch before the last reads ahead, too, and what lies there otherwise are addresses out of any table.
   */
  const pad = (pairs: number, count: number): void => {
    const end = (Math.ceil(count / lanes) + 1) * lanes;
    for (let i = count; i < end; i++) bytes.copyWithin(pairs + 8 * i, pairs, pairs + 8);
  };

  return {
    entries,
    data,
    references,
    spare,
    add(pairs, count, to, table) {
      const infinite: number[] = [];
      pad(pairs, count);
      for (let start = 0; start < count; start += entries * lanes) {
        const n = Math.min(entries * lanes, count - start);
        const full = Math.ceil(n / lanes);
        if (table === undefined) gather(pairs + 8 * start, full, data);
        else gatherPacked(pairs + 8 * start, full, data, table);
        for (const i of addEntries(full)) if (i < n) infinite.push(start + i);
        scatter(data, full, to + pointBytes(degree) * start);
      }
      return infinite;
    },
    copy(pairs, count, to, table) {
      pad(pairs, count);
      for (let start = 0; start < count; start += entries * lanes) {
        const n = Math.min(entries * lanes, count - start);
        const full = Math.ceil(n / lanes);
        gatherPacked(pairs + 8 * start, full, data, table);
        scatter(data, full, to + pointBytes(degree) * start);
      }
    },
    unpack: (from, count, table) => void gatherPacked(from, count, data, table),
    double(at, count, times, { forwardDouble, backwardDouble }) {
      for (let i = 0; i < times; i++) {
        checkpoint();
        bytes.copyWithin(product, one, one + row);
        forwardDouble(at, count, prefix, product);
        invert();
        backwardDouble(at + entry * count, count, prefix + row * count, inverse);
      }
    },
  };

  function square(x: readonly bigint[]): bigint[] {
    const [a, b] = x as [bigint, bigint | undefined];
    return b === undefined ? [a * a] : [(a + b) * (a - b), 2n * a * b];
  }
}
