// Backend `wasm`: the prover of wasm/, in WebAssembly of our own and threads of this process. Keys stay open between proofs, their tables
// shared by all threads and by all proofs.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { kernelArithmetic } from '../wasm/arithmetic.ts';
import { finishProof, randomBlinders } from '../wasm/groth16/finish.ts';
import { clearSlot, writeExtras, writeWitness } from '../wasm/groth16/slot.ts';
import { type KernelName, kernelNames } from '../wasm/kernel.ts';
import { type Pool, startPool } from '../wasm/threads/pool.ts';
import { createWitnessThreads, readWitness, type WitnessThreads } from '../witness/index.ts';
import type { ProofRequest, ProofResult, ProverBackend } from './backend.ts';
import { checkProof, notRunning, verifyingKeyCache } from './result.ts';

/** What the backend needs to know. */
export interface WasmOptions {
  /** Threads that share each proof, and as many for witnesses, 1 to 64; as many as there are processors unless given. */
  readonly threads?: number;
  /** Proofs at the same time, 1 to 16; they share tables and threads. 1 unless given, since one proof uses all processors. */
  readonly parallel?: number;
  /**
   * How much memory is given for speed, 1 to 32: a key's tables hold this many multiples of each point whose scalar is long. 1 holds the
   * points alone; 5, unless given, spares a quarter of the time; more spares little.
   */
  readonly tableLevels?: number;
  /** The only kernel that may run; the fastest that computes correctly here unless given. */
  readonly kernel?: KernelName;
  /** Path of a folder whose `tables/` keeps tables between processes, tens of megabytes a key; none are kept unless given. */
  readonly cacheFolder?: string;
}

/** The backend, and the kernel that it runs. */
export interface WasmBackend extends ProverBackend {
  readonly name: 'wasm';
  /** The kernel that was chosen; `undefined` before `start`. */
  readonly kernel: KernelName | undefined;
  /** The kernels that were not chosen, and why. */
  readonly rejected: readonly { readonly kernel: KernelName; readonly reason: string }[];
}

function inRange(name: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new ProverError('argument', `${name} is ${value}, but it is an integer from 1 to ${most}`);
  }
  return value;
}

/**
 * Makes the backend; `start` it before use.
 *
 * @throws {ProverError} `argument` for an option out of range.
 */
export function createWasmBackend(options: WasmOptions = {}): WasmBackend {
  const threads = inRange('threads', options.threads ?? Math.min(availableParallelism(), 64), 64);
  const parallel = inRange('parallel', options.parallel ?? 1, 16);
  const levels = inRange('tableLevels', options.tableLevels ?? 5, 32);
  const { kernel, cacheFolder } = options;
  if (kernel !== undefined && !kernelNames.includes(kernel)) {
    throw new ProverError('argument', `the kernel is ${kernel}, but it is one of ${kernelNames.join(', ')}`);
  }
  const cache = cacheFolder === undefined ? undefined : join(cacheFolder, 'tables');
  let running: Running | undefined;
  return {
    name: 'wasm',
    get kernel() {
      return running?.started?.kernel;
    },
    get rejected() {
      return running?.started?.rejected ?? [];
    },
    async start() {
      running ??= createRunning(startPool({ threads, slots: parallel, kernel }), {
        threads,
        parallel,
        levels,
        cache,
      });
      const mine = running;
      try {
        await mine.ready;
      } catch (error) {
        if (running === mine) running = undefined;
        throw error;
      }
    },
    async stop() {
      const old = running;
      running = undefined;
      await old?.stop();
    },
    async calculate(job, options) {
      if (!running) throw notRunning('wasm');
      return running.witnesses.calculate(job, options);
    },
    async prove(request) {
      if (!running) throw notRunning('wasm');
      return running.prove(request);
    },
    arithmetic() {
      const module = running?.started?.module;
      return module && kernelArithmetic(module);
    },
  };
}

interface Running {
  readonly ready: Promise<void>;
  readonly started: Pool | undefined;
  readonly witnesses: WitnessThreads;
  stop(): Promise<void>;
  prove(request: ProofRequest): Promise<ProofResult>;
}

interface Settings {
  readonly threads: number;
  readonly parallel: number;
  readonly levels: number;
  readonly cache: string | undefined;
}

/** What lives from a start to a stop. */
function createRunning(starting: Promise<Pool>, { threads, parallel, levels, cache }: Settings): Running {
  const witnesses = createWitnessThreads(threads);
  const stopped = new AbortController();
  const verifyingKeyOf = verifyingKeyCache();
  const free = Array.from({ length: parallel }, (_, slot) => slot);
  const waiting: (() => void)[] = [];
  let started: Pool | undefined;
  const ready = starting.then((pool) => {
    started = pool;
  });
  ready.catch(() => undefined);

  const acquire = async (signal: AbortSignal): Promise<number> => {
    for (;;) {
      signal.throwIfAborted();
      const slot = free.shift();
      if (slot !== undefined) return slot;
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  };
  const release = (slot: number) => {
    free.push(slot);
    // All look again: one that gave up must not swallow the turn.
    for (const wake of waiting.splice(0)) wake();
  };

  /** All of a proof that needs its slot; resolves to what is left to do, on this thread alone. */
  const proveIn = async (slot: number, request: ProofRequest, signal: AbortSignal) => {
    const { key, witness, onProgress } = request;
    const pool = await unlessAborted(starting, signal);
    const { id, zkeyPath: path, sha256 } = key;
    const verifyingKey = await verifyingKeyOf(key);
    if (!pool.isOpen(sha256)) onProgress?.('loading-key');
    const open = await unlessAborted(pool.open({ id, path, sha256, levels, cache }), signal);
    signal.throwIfAborted();
    onProgress?.('proving');
    const startedAt = performance.now();
    const blinders = randomBlinders();
    const memory = { ...open, slot: open.slots[slot]! };
    try {
      writeWitness(memory, id, witness);
      writeExtras(memory, {
        ...blinders,
        minusRs: fieldOrder - ((blinders.r * blinders.s) % fieldOrder),
      });
    } catch (error) {
      clearSlot(memory);
      throw error;
    }
    const parts = await pool.run(open, slot, signal);
    const finish = (): ProofResult => {
      const proof = finishProof(parts, blinders);
      const proveMs = performance.now() - startedAt;
      const publicSignals = readWitness(witness, open.layout.publics + 1).slice(1);
      const made = { proof, publicSignals, proveMs, engine: `wasm/${pool.kernel}` };
      return checkProof({ request, verifyingKey }, made);
    };
    return finish;
  };

  return {
    ready,
    witnesses,
    get started() {
      return started;
    },
    async stop() {
      const reason = new ProverError('stopped', 'the wasm backend was stopped; the proof was not made');
      stopped.abort(reason);
      const ended = starting.then(
        (pool) => pool.stop(reason),
        () => undefined,
      );
      await Promise.all([ended, witnesses.stop(reason)]);
    },
    async prove(request) {
      const { signal, onProgress } = request;
      signal?.throwIfAborted();
      const either = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal;
      onProgress?.('queued');
      const slot = await acquire(either);
      let finish: () => ProofResult;
      try {
        finish = await proveIn(slot, request, either);
      } catch (error) {
        either.throwIfAborted();
        throw error;
      } finally {
        release(slot);
      }
      // The threads have the next proof's tasks before this thread, which hands them out, is busy with the points.
      await setImmediate();
      either.throwIfAborted();
      const result = finish();
      onProgress?.('done');
      return result;
    },
  };
}

/** The promise's value, or the signal's reason if that comes first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
