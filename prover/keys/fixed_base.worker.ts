// Thread of the pool: multiplies the generator of the asked group by scalars. Tables are built when first needed.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '@murmuration/core';
import { compileKernel, type KernelModule } from '../wasm/module.ts';
import { createKernelFixedBase, type FixedBase } from '../wasm/msm/fixed_base.ts';
import { selfCheckTables } from '../wasm/selfcheck.ts';

export type GroupName = 'g1' | 'g2';

/** A job and its answer. */
export interface Job {
  readonly id: number;
  readonly group: GroupName;
  readonly scalars: Uint8Array;
}
export type Answer =
  | { readonly id: number; readonly points: Uint8Array }
  | { readonly id: number; readonly error: string };

const sums = workerData as KernelModule;
let tables: KernelModule | undefined;
const bases = new Map<GroupName, FixedBase>();
const port = parentPort!;

function baseOf(group: GroupName): FixedBase {
  if (!tables) {
    const compiled = compileKernel(sums.name, 'tables');
    selfCheckTables(compiled, sums);
    tables = compiled;
  }
  const base = bases.get(group) ?? createKernelFixedBase(group === 'g1' ? 1 : 2, sums, tables);
  bases.set(group, base);
  return base;
}

port.on('message', ({ id, group, scalars }: Job) => {
  try {
    const points = baseOf(group).multiply(scalars);
    port.postMessage({ id, points } satisfies Answer, [points.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ id, error: reasonOf(error) } satisfies Answer);
  }
});
