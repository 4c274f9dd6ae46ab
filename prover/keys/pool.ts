// Threads that multiply generators; as many as there are processors. Nothing is left after `stop`.
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startSibling } from '@murmuration/core/sibling';
import { packLittle } from '../kzg/bytes.ts';
import { selectedKernel } from '../wasm/threads/selection.ts';
import type { Answer, GroupName, Job } from './fixed_base.worker.ts';

/** Scalars a job: long enough to hide the message, short enough to keep all threads busy to the end. */
const jobScalars = 4096;

/** Threads, started. */
export interface MultiplierPool {
  /** `scalar_i G` for each scalar in [0, r), as affine points in the form of a zkey. */
  multiply(group: GroupName, scalars: readonly bigint[]): Promise<Uint8Array>;
  /** The same of scalars of 32 bytes each, little end first. */
  multiplyPacked(group: GroupName, scalars: Uint8Array): Promise<Uint8Array>;
  /** Ends the threads; multiplications under way reject. */
  stop(): Promise<void>;
}

interface Waiting {
  resolve(points: Uint8Array): void;
  reject(error: Error): void;
}

/** Starts the threads. */
export async function startPool(threads = availableParallelism()): Promise<MultiplierPool> {
  const { module } = await selectedKernel();
  const queue: Job[] = [];
  const waiting = new Map<number, Waiting>();
  const idle: Worker[] = [];
  let jobs = 0;
  const next = () => {
    while (idle.length > 0 && queue.length > 0) idle.pop()!.postMessage(queue.shift()!);
  };
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    queue.length = 0;
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = startSibling(import.meta.url, 'fixed_base.worker', module);
    worker.on('message', (answer: Answer) => {
      const { resolve, reject } = waiting.get(answer.id)!;
      waiting.delete(answer.id);
      idle.push(worker);
      if ('points' in answer) resolve(answer.points);
      else reject(new Error(`a key thread failed: ${answer.error}`));
      next();
    });
    worker.on('error', fail);
    idle.push(worker);
    return worker;
  });
  const run = (group: GroupName, scalars: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const id = jobs++;
      waiting.set(id, { resolve, reject });
      queue.push({ id, group, scalars });
      next();
    });
  const multiplyPacked = async (group: GroupName, scalars: Uint8Array) => {
    const parts: Promise<Uint8Array>[] = [];
    for (let start = 0; start < scalars.length; start += 32 * jobScalars) {
      parts.push(run(group, scalars.slice(start, start + 32 * jobScalars)));
    }
    return Buffer.concat(await Promise.all(parts));
  };
  return {
    multiplyPacked,
    multiply: (group, scalars) => multiplyPacked(group, packLittle(scalars)),
    async stop() {
      await Promise.all(workers.map((worker) => worker.terminate()));
      fail(new Error('the key threads were stopped'));
    },
  };
}
