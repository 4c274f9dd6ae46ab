// Threads that run witness generators, so that none holds up who asks and several run at a time. They start when they are
// needed first.
import type { Worker } from 'node:worker_threads';
import { startSibling } from '@murmuration/core/sibling';
import { errorOf, ProverError } from '../errors.ts';
import type { GeneratorJob, RunOptions, WitnessAnswer } from './job.ts';

/** Threads, started when they are needed. */
export interface WitnessThreads {
  /**
   * The bytes of a `.wtns` file.
   *
   * @throws {ProverError} as `runGenerator` does, and `backend` for a thread that failed.
   */
  calculate(job: GeneratorJob, options?: RunOptions): Promise<Uint8Array>;
  /** Ends the threads; what is under way or waits rejects with the reason. */
  stop(reason: Error): Promise<void>;
}

interface Waiting {
  readonly job: GeneratorJob;
  begin(): void;
  resolve(witness: Uint8Array): void;
  reject(reason: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  work: Waiting | undefined;
}

const failed = (what: string, cause?: unknown) =>
  new ProverError('backend', `a thread for witnesses ${what}`, { mend: 'Try the proof again.', cause });

/**
 * Milliseconds in which a calculation that is not wanted any more may come to its end, which the largest takes less than a
 * second for on a machine that is idle, and tens on one that is not; one that hangs is ended then.
 */
const moment = 60_000;

/** @param most threads at a time. */
export function createWitnessThreads(most: number): WitnessThreads {
  const threads = new Set<Thread>();
  /** Threads that end once they have done what nobody waits for any more. */
  const leaving = new Set<Thread>();
  const queue: Waiting[] = [];
  let stopped: { readonly reason: Error } | undefined;

  const start = (): Thread => {
    const worker = startSibling(import.meta.url, 'witness.worker');
    const thread: Thread = { worker, work: undefined };
    threads.add(thread);
    const settle = () => {
      const { work } = thread;
      thread.work = undefined;
      return work;
    };
    const fail = (error: ProverError) => {
      threads.delete(thread);
      settle()?.reject(error);
      next();
    };
    worker.on('message', (answer: WitnessAnswer) => {
      const work = settle();
      if ('witness' in answer) {
        if (work) work.resolve(answer.witness);
        else answer.witness.fill(0);
      } else work?.reject(errorOf(answer.error));
      next();
    });
    worker.on('error', (error) => fail(failed(`failed: ${error}`, error)));
    worker.on('exit', () => fail(failed('ended')));
    return thread;
  };
  /** Ends a thread at once. */
  const end = async (thread: Thread, reason: unknown): Promise<void> => {
    threads.delete(thread);
    leaving.delete(thread);
    thread.work?.reject(reason);
    thread.work = undefined;
    await thread.worker.terminate();
  };
  /**
   * Lets go of a thread in the middle of its work; the next work gets a fresh thread. It has time to end by itself: one
   * that is ended at once leaves its inputs in freed memory.
   */
  const leave = (thread: Thread, reason: unknown): void => {
    threads.delete(thread);
    leaving.add(thread);
    thread.work?.reject(reason);
    thread.work = undefined;
    const late = setTimeout(() => void end(thread, reason), moment).unref();
    thread.worker.once('message', () => {
      clearTimeout(late);
      void end(thread, reason);
    });
  };
  function next(): void {
    while (queue.length > 0 && !stopped) {
      const idle = [...threads].find(({ work }) => !work);
      if (!idle && threads.size >= most) return;
      const thread = idle ?? start();
      const work = queue.shift()!;
      thread.work = work;
      const { inputs } = work.job;
      work.begin();
      thread.worker.postMessage(work.job, [inputs.elements.buffer]);
    }
  }

  return {
    async calculate(job, { signal, onStart } = {}) {
      signal?.throwIfAborted();
      if (stopped) throw stopped.reason;
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      const work: Waiting = { job, begin: () => onStart?.(), resolve, reject };
      const abort = () => {
        const at = queue.indexOf(work);
        if (at >= 0) {
          queue.splice(at, 1);
          job.inputs.elements.fill(0);
        }
        reject(signal!.reason);
        const busy = [...threads].find((thread) => thread.work === work);
        if (busy) leave(busy, signal!.reason);
        next();
      };
      signal?.addEventListener('abort', abort, { once: true });
      queue.push(work);
      next();
      try {
        return await promise;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    async stop(reason) {
      stopped = { reason };
      for (const { job, reject } of queue.splice(0)) {
        job.inputs.elements.fill(0);
        reject(reason);
      }
      await Promise.all([...threads, ...leaving].map((thread) => end(thread, reason)));
    },
  };
}
