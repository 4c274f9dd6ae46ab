// Thread of the pool: multiplies the generator of the asked group by scalars. Tables are built when first
// needed.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '@murmuration/core';
import type { CurveModule } from '../kzg/wasm.ts';
import { createFixedBase, type FixedBase, type GroupName } from './fixed_base.ts';

/** A job and its answer. */
export interface Job {
  readonly id: number;
  readonly group: GroupName;
  readonly scalars: Uint8Array;
}
export type Answer =
  | { readonly id: number; readonly points: Uint8Array }
  | { readonly id: number; readonly error: string };

const tables = new Map<GroupName, Promise<FixedBase>>();
const port = parentPort!;

port.on('message', async ({ id, group, scalars }: Job) => {
  try {
    const table = tables.get(group) ?? createFixedBase(group, workerData as CurveModule);
    tables.set(group, table);
    const points = (await table).multiply(scalars);
    port.postMessage({ id, points } satisfies Answer, [points.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ id, error: reasonOf(error) } satisfies Answer);
  }
});
