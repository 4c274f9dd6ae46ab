// Backend `snarkjs`: snarkjs's Groth16 prover in threads of this package. Keys stay in memory between proofs;
// the thread's own helpers (one for each processor) end with it, so that after `stop` the process can exit.
import { ProverError } from '../errors.ts';
import { createWitnessThreads, type WitnessThreads } from '../witness/index.ts';
import type { ProofRequest, ProofResult, ProverBackend } from './backend.ts';
import { finishProof, notRunning, verifyingKeyCache } from './result.ts';
import { type ProverThread, startThread } from './thread.ts';

/** What the backend needs to know. */
export interface SnarkjsOptions {
  /**
   * Proofs at the same time, 1 to 64; each has its own copy of the keys. 1 unless given, since one proof uses
   * all processors.
   */
  readonly parallel?: number;
}

/** Makes the backend; `start` it before use. */
export function createSnarkjsBackend({ parallel = 1 }: SnarkjsOptions = {}): ProverBackend {
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 64) {
    throw new ProverError(
      'argument',
      `parallel is ${parallel}, but a backend proves 1 to 64 witnesses at the same time`,
    );
  }
  let running: Slots | undefined;
  const verifyingKeyOf = verifyingKeyCache();
  return {
    name: 'snarkjs',
    async start() {
      running ??= createSlots(parallel);
      const slots = running;
      try {
        await slots.ready();
      } catch (error) {
        if (running === slots) running = undefined;
        await slots.stop();
        throw error;
      }
    },
    async stop() {
      const slots = running;
      running = undefined;
      await slots?.stop();
    },
    async calculate(job, options) {
      if (!running) throw notRunning('snarkjs');
      return running.witnesses.calculate(job, options);
    },
    async prove(request) {
      if (!running) throw notRunning('snarkjs');
      const slots = running;
      const { key, onProgress, signal } = request;
      signal?.throwIfAborted();
      onProgress?.('queued');
      const verifyingKey = await verifyingKeyOf(key);
      const result = await slots.run(request, (output) =>
        finishProof({ request, verifyingKey }, output, { proveMs: output.proveMs, engine: 'snarkjs' }),
      );
      onProgress?.('done');
      return result;
    },
  };
}

type Finish = (output: Awaited<ReturnType<ProverThread['run']>>) => ProofResult;

interface Slots {
  readonly witnesses: WitnessThreads;
  ready(): Promise<void>;
  stop(): Promise<void>;
  run(request: ProofRequest, finish: Finish): Promise<ProofResult>;
}

interface Slot {
  thread: ProverThread;
  busy: boolean;
}

/** A queue before `count` threads. */
function createSlots(count: number): Slots {
  const slots: Slot[] = Array.from({ length: count }, () => ({ thread: startThread(), busy: false }));
  const witnesses = createWitnessThreads(count);
  const queue: (() => void)[] = [];
  const stopped = new AbortController();
  const reason = () =>
    new ProverError('stopped', 'the snarkjs backend was stopped before the proof was made');

  const acquire = async (signal: AbortSignal): Promise<Slot> => {
    for (;;) {
      signal.throwIfAborted();
      const free = slots.find((slot) => !slot.busy);
      if (free) {
        free.busy = true;
        // A thread that failed by itself is not asked again.
        if (free.thread.ended) free.thread = startThread();
        return free;
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        queue.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  };
  const release = (slot: Slot) => {
    slot.busy = false;
    // All waiters look again: one that gave up must not swallow the turn.
    for (const wake of queue.splice(0)) wake();
  };

  return {
    witnesses,
    async ready() {
      await Promise.all(slots.map(({ thread }) => thread.ready));
    },
    async stop() {
      stopped.abort(reason());
      const ended = slots.map(({ thread }) => thread.end(reason()));
      await Promise.all([...ended, witnesses.stop(reason())]);
    },
    async run({ key, witness, onProgress, signal }, finish) {
      const either = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal;
      const slot = await acquire(either);
      // Ends the proof in the middle; the next one gets a fresh thread.
      const abort = () => {
        const old = slot.thread;
        if (!stopped.signal.aborted) slot.thread = startThread();
        void old.end(either.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        // The same thread throughout: `abort` may have put a fresh one into the slot.
        const { thread } = slot;
        await thread.ready;
        return finish(await thread.run({ key, witness }, (stage) => onProgress?.(stage)));
      } catch (error) {
        either.throwIfAborted();
        throw error;
      } finally {
        signal?.removeEventListener('abort', abort);
        release(slot);
      }
    },
  };
}
