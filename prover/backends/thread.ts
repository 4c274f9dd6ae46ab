// One thread that does one job at a time: starts, answers, can be ended in the middle of a job, and leaves
// nothing behind.
import { startSibling } from '@murmuration/core/sibling';
import { ProverError } from '../errors.ts';
import { alteredKey } from './result.ts';
import type { ProveJob, ThreadMessage } from './snarkjs.worker.ts';

export interface ProverThread {
  /** Resolves when the thread can take a job. */
  readonly ready: Promise<void>;
  /** Whether it has ended, by itself or by {@link ProverThread.end}. */
  readonly ended: boolean;
  /**
   * Runs a job. Rejects with the thread's error, or with `reason` if {@link ProverThread.end} comes first.
   */
  run(job: ProveJob, onStage: (stage: 'loading-key' | 'proving') => void): Promise<ProofMessage>;
  /** Ends the thread at once; a job under way rejects with `reason`. */
  end(reason: unknown): Promise<void>;
}

export type ProofMessage = Extract<ThreadMessage, { type: 'proof' }>;

const again = { mend: 'Try the proof again.' };

interface Current {
  onStage(stage: 'loading-key' | 'proving'): void;
  resolve(message: ProofMessage): void;
  reject(reason: unknown): void;
}

/** Starts a thread. */
export function startThread(): ProverThread {
  const worker = startSibling(import.meta.url, 'snarkjs.worker');
  const starting = Promise.withResolvers<void>();
  let current: Current | undefined;
  let ended: { reason: unknown } | undefined;
  const settle = () => {
    const job = current;
    current = undefined;
    return job;
  };
  const fail = (reason: unknown) => {
    ended ??= { reason };
    starting.reject(reason);
    settle()?.reject(reason);
  };
  starting.promise.catch(() => undefined);
  worker.on('message', (message: ThreadMessage) => {
    if (message.type === 'ready') starting.resolve();
    else if (message.type === 'stage') current?.onStage(message.stage);
    else if (message.type === 'proof') settle()?.resolve(message);
    else
      settle()?.reject(
        message.type === 'altered-key'
          ? alteredKey(message.key, message.sha256)
          : new ProverError('backend', message.message),
      );
  });
  worker.on('error', (error) =>
    fail(new ProverError('backend', `the prover's thread failed: ${error}`, { ...again, cause: error })),
  );
  worker.on('exit', () => fail(new ProverError('backend', "the prover's thread ended", again)));
  return {
    ready: starting.promise,
    get ended() {
      return ended !== undefined;
    },
    run(job, onStage) {
      if (ended) return Promise.reject(ended.reason);
      return new Promise((resolve, reject) => {
        current = { onStage, resolve, reject };
        worker.postMessage(job);
      });
    },
    async end(reason) {
      fail(reason);
      await worker.terminate();
    },
  };
}
