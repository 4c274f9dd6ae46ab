// Many multiples of a generator: a table of `d 2^(12 w) G` for unsigned digits d of 12 bits, then one addition a digit (Brickell, Gordon,
// McCurley, Wilson 1992), the additions of all multiples in common batches. 22 additions a scalar.
import { bn254 } from '@noble/curves/bn254.js';
import { viewOf, writeLittle } from '../../kzg/bytes.ts';
import { type G1, type G2, baseFieldOrder as p } from '../../kzg/points.ts';
import { type Degree, packedBytes, pointBytes } from '../curve/index.ts';
import { kernels, numberBytes, writeNumber } from '../kernel.ts';
import { createAllocator } from '../memory.ts';
import { createKernelMemory, firstFreeAddress, instantiateKernel, type KernelModule } from '../module.ts';
import { allocateSums, createSums } from './sums.ts';

const width = 12;
const digits = 2 ** width;
const windows = Math.ceil(254 / width);
/** Scalars that are multiplied at a time. */
const chunk = 1024;

export interface FixedBase {
  /**
   * @param scalars below r, 32 bytes each, least first.
   * @returns affine points in the form of a key file (times 2^256, least first; zeros for infinity).
   */
  multiply(scalars: Uint8Array): Uint8Array;
}

/**
 * Builds the table: milliseconds.
 * @param module for sums, and `tables` for tables, of the same kernel.
 */
export function createKernelFixedBase(degree: Degree, module: KernelModule, tables: KernelModule): FixedBase {
  const kernel = kernels[module.name];
  const point = pointBytes(degree);
  const packed = packedBytes(degree);
  const layOut = () => {
    const allocator = createAllocator(firstFreeAddress);
    return {
      sums: allocateSums(kernel, degree, allocator),
      table: allocator.allocate(point * windows * digits),
      references: allocator.allocate(4 * windows * (chunk + digits)),
      pairs: allocator.allocate(8 * (windows * digits + 8)),
      counts: allocator.allocate(4 * chunk),
      results: allocator.allocate(point * (chunk + 64)),
      output: allocator.allocate(packed * (chunk + 4)),
      modulus: allocator.allocate(32),
      end: allocator.top,
    };
  };
  const layout = layOut();
  const memory = createKernelMemory(layout.end + 1024);
  const instance = instantiateKernel(module, memory);
  const maker = instantiateKernel(tables, memory);
  const sums = createSums(instance, layout.sums, () => {});
  const words = new Uint32Array(memory.buffer);
  const view = new DataView(memory.buffer);
  writeLittle(view, layout.modulus, p);
  const addressOf = (window: number, digit: number) => layout.table + point * (window * digits + digit);
  fillTable();

  return {
    multiply(scalars) {
      const count = scalars.length / 32;
      const source = viewOf(scalars);
      const points = new Uint8Array(count * packed);
      for (let start = 0; start < count; start += chunk) {
        const n = Math.min(chunk, count - start);
        let reference = layout.references >> 2;
        for (let i = 0; i < n; i++) {
          const from = reference;
          for (let window = 0; window < windows; window++) {
            const digit = digitAt(source, 32 * (start + i), window);
            if (digit !== 0) words[reference++] = addressOf(window, digit);
          }
          words[(layout.counts >> 2) + i] = reference - from;
        }
        const { owners, addresses } = sums.sum(
          { references: layout.references, counts: layout.counts, lists: n },
          layout.results,
        );
        write(points.subarray(start * packed), owners, addresses);
      }
      return points;
    },
  };

  /** Bits `12 w` to `12 w + 11` of 32 bytes. */
  function digitAt(source: DataView, at: number, window: number): number {
    const bit = width * window;
    const byte = at + (bit >> 3);
    const high = (bit >> 3) + 1 < 32 ? source.getUint8(byte + 1) << 8 : 0;
    return ((source.getUint8(byte) | high) >> (bit & 7)) & (digits - 1);
  }

  /** The sums in the form of a key file, each to its owner's place. */
  function write(points: Uint8Array, owners: Uint32Array, addresses: Uint32Array): void {
    const { lanes } = kernel;
    const { batch } = sums;
    const size = batch.entries * lanes;
    const bytes = new Uint8Array(memory.buffer);
    for (let start = 0; start < owners.length; start += size) {
      const n = Math.min(size, owners.length - start);
      const entries = Math.ceil(n / lanes);
      for (let i = 0; i < entries * lanes; i++) {
        words.fill(
          addresses[start + Math.min(i, n - 1)]!,
          (layout.pairs >> 2) + 2 * i,
          (layout.pairs >> 2) + 2 * i + 2,
        );
      }
      instance.call[`g${degree}_gather`]!(layout.pairs, entries, batch.data);
      maker.call[`g${degree}_export`]!(batch.data, entries, layout.output);
      instance.call.makePositive!(layout.output, 2 * degree * n, layout.modulus);
      for (let i = 0; i < n; i++) {
        const from = layout.output + packed * i;
        points.set(bytes.subarray(from, from + packed), owners[start + i]! * packed);
      }
    }
  }

  /** `d + 2^k` from d and `2^k`, for all windows in common batches; powers of two one by one. */
  function fillTable(): void {
    let power: G1 | G2 = degree === 1 ? bn254.G1.Point.BASE : bn254.G2.Point.BASE;
    for (let window = 0; window < windows; window++) {
      for (let bit = 1; bit < digits; bit *= 2) {
        writePoint(addressOf(window, bit), power);
        power = power.double();
      }
    }
    for (let bit = 2; bit < digits; bit *= 2) {
      // Sums lie one behind the other, so each window has a batch of its own.
      for (let window = 0; window < windows; window++) {
        let pair = layout.pairs >> 2;
        for (let digit = 1; digit < bit; digit++) {
          words[pair++] = addressOf(window, digit);
          words[pair++] = addressOf(window, bit);
        }
        // What is written behind them is overwritten by the next power of two, which is put back.
        const next = addressOf(window, 2 * bit);
        const kept = new Uint8Array(memory.buffer).slice(next, next + 4 * point);
        sums.batch.add(layout.pairs, bit - 1, addressOf(window, bit + 1));
        new Uint8Array(memory.buffer).set(kept, next);
      }
    }
  }

  function writePoint(address: number, value: G1 | G2): void {
    const { x, y } = value.toAffine() as {
      x: bigint | { c0: bigint; c1: bigint };
      y: bigint | { c0: bigint; c1: bigint };
    };
    const parts = [x, y].flatMap((part) => (typeof part === 'bigint' ? [part] : [part.c0, part.c1]));
    parts.forEach((part, i) => {
      writeNumber(kernel, view, { address: address + numberBytes * i }, part, p);
    });
  }
}
