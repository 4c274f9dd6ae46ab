// The prover's threads, seen from the main thread: keys are opened once and shared, a proof's tasks are shared by all threads.
import { reasonOf } from '@murmuration/core';
import { startSibling } from '@murmuration/core/sibling';
import { errorOf, ProverError } from '../../errors.ts';
import { clearSlot } from '../groth16/slot.ts';
import { proofTasks, type SumPart, type Task, tableTasks } from '../groth16/tasks.ts';
import type { KernelName } from '../kernel.ts';
import type { KernelModule } from '../module.ts';
import { createBoard, stopBoard } from './board.ts';
import type { Answer, Envelope, KeyRequest, OpenKey, Order } from './messages.ts';
import { selectedKernel } from './selection.ts';

export interface Pool {
  readonly kernel: KernelName;
  readonly module: KernelModule;
  /** Why faster kernels do not run here. */
  readonly rejected: readonly { readonly kernel: KernelName; readonly reason: string }[];
  /** Whether a key has been opened. */
  isOpen(sha256: string): boolean;
  /** Opens a key, or waits for it to be opened; makes its tables if they are in no cache. */
  open(key: Omit<KeyRequest, 'slots' | 'threads'>): Promise<OpenKey>;
  /**
   * Does all tasks of a proof. When it settles, every thread has let go of the slot, and what the proof left there is
   * overwritten. Rejects with the signal's reason.
   */
  run(key: OpenKey, slot: number, signal: AbortSignal): Promise<SumPart[]>;
  /** Ends all threads; what is under way rejects with `reason`. */
  stop(reason: Error): Promise<void>;
}

export interface PoolOptions {
  readonly threads: number;
  /** Proofs at the same time. */
  readonly slots: number;
  readonly kernel: KernelName | undefined;
}

const failed = (message: string) => new ProverError('backend', message, { mend: 'Try the proof again.' });

interface Thread {
  ask(order: Order): Promise<Answer>;
  end(reason: Error): Promise<void>;
}

function startThread(onFailure: (error: Error) => void): Thread {
  const worker = startSibling(import.meta.url, 'prover.worker');
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  let orders = 0;
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ('error' in answer) asked?.reject(errorOf(answer.error));
    else asked?.resolve(answer);
  });
  worker.on('error', (error) => {
    const failure = failed(`a thread of the prover failed: ${reasonOf(error)}`);
    fail(failure);
    onFailure(failure);
  });
  worker.on('exit', () => fail(ended ?? failed('a thread of the prover ended')));
  return {
    ask(order) {
      if (ended) return Promise.reject(ended);
      const number = orders++;
      const answer = new Promise<Answer>((resolve, reject) => waiting.set(number, { resolve, reject }));
      worker.postMessage({ number, order } satisfies Envelope);
      return answer;
    },
    async end(reason) {
      ended ??= reason;
      await worker.terminate();
      // Not before it is gone: it would write into a slot that whoever hears of this clears.
      fail(reason);
    },
  };
}

/** Starts the threads. */
export async function startPool({ threads: count, slots, kernel }: PoolOptions): Promise<Pool> {
  const { module, rejected } = await selectedKernel(kernel);
  const boards = new Set<SharedArrayBuffer>();
  const stopBoards = () => {
    for (const board of boards) stopBoard(board);
  };
  const threads = Array.from({ length: count }, () => startThread(stopBoards));
  const stop = async (reason: Error) => {
    stopBoards();
    await Promise.all(threads.map((thread) => thread.end(reason)));
  };
  const opened = new Map<string, Promise<OpenKey>>();
  const ready = new Set<string>();

  /** All threads on one board; resolves when the last is done, whatever came of it. */
  const share = async (key: OpenKey, slot: number, tasks: readonly Task[], signal?: AbortSignal) => {
    const board = createBoard(tasks);
    boards.add(board);
    const stopThis = () => stopBoard(board);
    signal?.addEventListener('abort', stopThis, { once: true });
    if (signal?.aborted) stopThis();
    try {
      const order = { type: 'run', sha256: key.sha256, slot, tasks, board } as const;
      const answers = await Promise.allSettled(
        threads.map((thread) =>
          thread.ask(order).catch((error) => {
            // The others would wait for what this one has not done.
            stopThis();
            throw error;
          }),
        ),
      );
      const broken = answers.find((answer) => answer.status === 'rejected');
      // A thread that has ended let go of no board, so none of them was the last.
      if (broken) clearSlot({ ...key, slot: key.slots[slot]! });
      signal?.throwIfAborted();
      if (broken) throw broken.reason;
      const parts: SumPart[] = [];
      for (const answer of answers) {
        const { value } = answer as PromiseFulfilledResult<Answer>;
        if (!('parts' in value)) throw failed('a thread of the prover was stopped');
        parts.push(...value.parts);
      }
      return parts;
    } finally {
      boards.delete(board);
      signal?.removeEventListener('abort', stopThis);
    }
  };

  const openOnce = async (request: Omit<KeyRequest, 'slots' | 'threads'>): Promise<OpenKey> => {
    const [first] = threads as [Thread];
    const answer = await first.ask({ type: 'open', key: { ...request, slots, threads: count } });
    const { key } = answer as Extract<Answer, { key: OpenKey }>;
    await Promise.all(threads.map((one, thread) => one.ask({ type: 'key', key, thread })));
    if (!key.tables) return key;
    await share(key, 0, tableTasks(key.layout));
    const { cache, sha256, levels } = request;
    // A folder that cannot be written to costs the next process the time, and this one nothing.
    if (cache !== undefined) await first.ask({ type: 'save', sha256, levels, cache }).catch(() => undefined);
    return key;
  };

  try {
    await Promise.all(threads.map((thread) => thread.ask({ type: 'module', module })));
    return {
      kernel: module.name,
      module,
      rejected,
      isOpen: (sha256) => ready.has(sha256),
      open(request) {
        const known = opened.get(request.sha256) ?? openOnce(request);
        opened.set(request.sha256, known);
        known.then(
          () => ready.add(request.sha256),
          () => undefined,
        );
        known.catch(() => opened.delete(request.sha256));
        return known;
      },
      run: (key, slot, signal) => share(key, slot, proofTasks(key.layout, count), signal),
      stop,
    };
  } catch (error) {
    await stop(error as Error);
    throw error;
  }
}
