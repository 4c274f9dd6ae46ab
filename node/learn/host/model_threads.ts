// Threads of a model, for many roles of one process: each table of rows lives in one of them, so that members train
// beside each other, as they do on machines of their own.
import { availableParallelism } from 'node:os';
import type { ModelSpec } from '../model_spec.ts';
import type { ModelHost } from './host.ts';
import { startModelThread } from './model_thread.ts';

/**
 * Starts threads; rows go to them in turn, and what is asked of different rows may be done side by side.
 * @param count of threads: each has an engine of its own.
 */
export function startModelThreads(spec: ModelSpec, count = Math.min(2, availableParallelism())): ModelHost {
  const threads = Array.from({ length: count }, () => startModelThread(spec));
  let taken = 0;
  return {
    describe: () => threads[0]!.describe(),
    take(data) {
      const thread = threads[taken % count]!;
      taken += 1;
      return thread.take(data);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
