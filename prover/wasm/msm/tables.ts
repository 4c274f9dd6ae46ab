// Makes tables: points of a key file to packed points, and their multiples level by level.
import { type Degree, entryBytes, packedBytes } from '../curve/index.ts';
import { kernels } from '../kernel.ts';
import type { KernelInstance } from '../module.ts';
import { type BasesShape, levelStart } from './bases.ts';
import type { Batch } from './batch.ts';

export interface TableMaker {
  /**
   * Packs `count` points in the form of a key file (affine, 32 bytes a coordinate, least first, times 2^256) from the address `from` into
   * the table, from number `first` on. Room for a few more points must follow both. Infinity may not be among them.
   */
  importPoints(from: number, count: number, table: number, first: number): void;
  /** Makes the higher levels of points `first` to `first + count`, from the first level. */
  fillLevels(shape: BasesShape, table: number, first: number, count: number): void;
}

/** @param instance of the module for tables, over the batch's memory. */
export function createTableMaker(instance: KernelInstance, degree: Degree, batch: Batch): TableMaker {
  const { lanes } = kernels[instance.name];
  const packed = packedBytes(degree);
  const entry = entryBytes(kernels[instance.name], degree);
  const call = (name: string) => instance.call[`g${degree}_${name}`]!;
  const [load, store] = [call('import'), call('pack')];
  const passes = { forwardDouble: call('forwardDouble'), backwardDouble: call('backwardDouble') };
  const size = batch.entries * lanes;
  const bytes = new Uint8Array(instance.memory.buffer);
  /** Packs into a table without a trace behind the last point, which may be another thread's. */
  const pack = (count: number, to: number): void => {
    const whole = Math.floor(count / lanes);
    store(batch.data, whole, to);
    if (whole * lanes === count) return;
    store(batch.data + entry * whole, 1, batch.spare);
    bytes.copyWithin(
      to + packed * whole * lanes,
      batch.spare,
      batch.spare + packed * (count - whole * lanes),
    );
  };

  return {
    importPoints(from, count, table, first) {
      for (let start = 0; start < count; start += size) {
        const n = Math.min(size, count - start);
        load(from + packed * start, Math.ceil(n / lanes), batch.data);
        pack(n, table + packed * (first + start));
      }
    },
    fillLevels(shape, table, first, count) {
      const doublings = shape.windows.width * shape.sets;
      for (let start = 0; start < count; start += size) {
        const n = Math.min(size, count - start);
        // References to the points, each in a pair with itself; only the first of a pair is doubled.
        const entries = Math.ceil(n / lanes);
        const room = (entries + 1) * lanes;
        const pairs = new Uint32Array(instance.memory.buffer, batch.references, 2 * room);
        for (let i = 0; i < room; i++) {
          pairs.fill(2 * (first + start + Math.min(i, n - 1)), 2 * i, 2 * i + 2);
        }
        batch.unpack(batch.references, entries, table);
        for (let level = 1; level < shape.levels; level++) {
          batch.double(batch.data, entries, doublings, passes);
          pack(n, table + packed * (levelStart(shape, level) + first + start));
        }
      }
    },
  };
}
