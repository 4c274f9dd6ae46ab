// Sums over the powers of KZG by a kernel, on the calling thread: commitments and openings take milliseconds, so that a thread would cost
// more than it spares. Like `loadBases` of kzg/msm.ts, which checked the points, in every other respect.
import { setImmediate } from 'node:timers/promises';
import { readBig, viewOf, writeLittle } from '../kzg/bytes.ts';
import { type Bases, inTurn } from '../kzg/msm.ts';
import { baseFieldOrder, g1ToPoint } from '../kzg/points.ts';
import { kernels, packedNumber } from './kernel.ts';
import { createAllocator } from './memory.ts';
import { createKernelMemory, firstFreeAddress, instantiateKernel, type KernelModule } from './module.ts';
import { type BasesShape, shapeOf, tableBytes } from './msm/bases.ts';
import { combineG1 } from './msm/combine.ts';
import { allocateSummer, createSummer, type Weighted } from './msm/summer.ts';

/** Bits of a window. With one level of tables each window has buckets of its own, so few are better than for a proof. */
const width = 9;
/** Windows that are summed together, before other work of the thread has its turn: one chunk of points in `base`. */
const windowsAtOnce = 8;

/** @param g1 checked points: affine, 64 bytes each, big end first. */
export function createKernelBases(module: KernelModule, g1: Uint8Array): Bases {
  const count = g1.length / 64;
  const shape: BasesShape = shapeOf({ degree: 1, full: count, short: 0 }, width, 1);
  const kernel = kernels[module.name];
  const limits = { references: windowsAtOnce * count, buckets: windowsAtOnce * 2 ** (width - 1) };
  const layOut = () => {
    const allocator = createAllocator(firstFreeAddress);
    return {
      table: allocator.allocate(tableBytes(shape) + 512),
      scalars: allocator.allocate(32 * count + 64),
      offset: allocator.allocate(32),
      summer: allocateSummer(kernel, 1, limits, allocator),
      end: allocator.top,
    };
  };
  const layout = layOut();
  const memory = createKernelMemory(layout.end + 1024);
  const instance = instantiateKernel(module, memory);
  const summer = createSummer(instance, layout.summer, () => {});
  const view = new DataView(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const source = viewOf(g1);
  for (let i = 0; i < 2 * count; i++) {
    writeLittle(view, layout.table + 32 * i, packedNumber(kernel, readBig(source, 32 * i), baseFieldOrder));
  }
  writeLittle(view, layout.offset, shape.windows.offset);
  return inTurn(count, async (scalars, { n, size, bits, first }) => {
    try {
      bytes.fill(0, layout.scalars, layout.scalars + 32 * n);
      for (let i = 0; i < n; i++) {
        for (let byte = 0; byte < size; byte++)
          bytes[layout.scalars + 32 * i + byte] = scalars[size * i + byte]!;
      }
      instance.call.offsetScalars!(layout.scalars, n, layout.offset, layout.scalars);
      const terms: Weighted[] = [];
      // Unsigned scalars of so many bits have digits up to the window that takes the last carry.
      const windows = shape.windows.list.filter(({ position }) => position <= bits);
      const jobs = windows.map((window) => ({
        exponent: window.position,
        strips: [{ window, firstScalar: 0, firstPoint: first, count: n }],
        low: 0,
        span: 2 ** (width - 1),
      }));
      for (let at = 0; at < jobs.length; at += windowsAtOnce) {
        if (at > 0) await setImmediate();
        terms.push(...summer.run(jobs.slice(at, at + windowsAtOnce), layout.table, layout.scalars));
      }
      return g1ToPoint(combineG1(terms));
    } finally {
      bytes.fill(0, layout.scalars, layout.scalars + 32 * n);
    }
  });
}
