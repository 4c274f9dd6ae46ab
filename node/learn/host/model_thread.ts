// A model in a thread of its own, shared by the roles of a process.
import type { Transferable, Worker } from 'node:worker_threads';
import { reasonOf } from '@murmuration/core';
import { startSibling } from '@murmuration/core/sibling';
import { NodeError } from '../../errors.ts';
import type { BackendName } from '../backend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { ModelLayout } from '../layout.ts';
import type { ModelSpec } from '../model_spec.ts';
import type { HostedRows, ModelHost } from './host.ts';
import type { Answer, Envelope, Order, Orders, ThreadStart } from './messages.ts';

/** An order with what of it is handed over, made when its turn has come. */
type Made = readonly [order: Order, handedOver: Transferable[]];

/** An order that waits, or is obeyed. */
interface Job {
  readonly number: number;
  make(): Made;
  resolve(given: Orders[keyof Orders]['given']): void;
  reject(reason: unknown): void;
}

/** Starts a thread; it loads its engine while the caller goes on. */
export const startModelThread = (spec: ModelSpec, backend: BackendName = 'wasm'): ModelHost =>
  new ModelThread(spec, backend);

class ModelThread implements ModelHost {
  readonly #worker: Worker;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting: Job[] = [];
  #running: Job | undefined;
  #jobs = 0;
  #tables = 0;
  #ended: { readonly reason: unknown } | undefined;

  constructor(spec: ModelSpec, backend: BackendName) {
    const workerData: ThreadStart = { spec, backend, stop: this.#stop.buffer };
    this.#worker = startSibling(import.meta.url, 'model.worker', workerData);
    this.#worker.on('message', (answer: Answer) => {
      const job = this.#running;
      this.#running = undefined;
      if (job) settle(job, answer);
      this.#next();
    });
    this.#worker.on('error', (error) => this.#end(failed(`failed: ${reasonOf(error)}`, error)));
    this.#worker.on('exit', () => this.#end(failed('ended')));
  }

  describe(): Promise<ModelLayout> {
    return this.#ask<'describe'>(() => [{ type: 'describe' }, []]);
  }

  async take(data: Dataset): Promise<HostedRows> {
    this.#tables += 1;
    const table = this.#tables;
    await this.#ask<'take'>(() => {
      const own = { ...data, inputs: data.inputs.slice(), labels: data.labels.slice() };
      return [{ type: 'take', table, data: own }, [own.inputs.buffer, own.labels.buffer]];
    });
    return {
      count: data.count,
      train: (from, steps, signal) =>
        this.#ask<'train'>(() => {
          const model = from.slice();
          return [{ type: 'train', table, model, steps }, [model.buffer]];
        }, signal),
      evaluate: (of, signal) =>
        this.#ask<'evaluate'>(() => {
          const model = of.slice();
          return [{ type: 'evaluate', table, model }, [model.buffer]];
        }, signal),
      gradient: (at, signal) =>
        this.#ask<'gradient'>(() => {
          const model = at.slice();
          return [{ type: 'gradient', table, model }, [model.buffer]];
        }, signal),
    };
  }

  async close(): Promise<void> {
    this.#end(new NodeError('interrupted', 'the thread of the model was closed'));
    await this.#worker.terminate();
  }

  #ask<Type extends keyof Orders>(make: () => Made, signal?: AbortSignal): Promise<Orders[Type]['given']> {
    if (this.#ended) return Promise.reject(this.#ended.reason);
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#jobs += 1;
    const number = this.#jobs;
    return new Promise((resolve, reject) => {
      const drop = () => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        // The thread ends it before its next step; nothing else is sent until it has.
        else Atomics.store(this.#stop, 0, number);
        reject(signal!.reason);
      };
      const done = () => signal?.removeEventListener('abort', drop);
      const job: Job = {
        number,
        make,
        resolve(given) {
          done();
          resolve(given as Orders[Type]['given']);
        },
        reject(reason) {
          done();
          reject(reason);
        },
      };
      signal?.addEventListener('abort', drop, { once: true });
      this.#waiting.push(job);
      this.#next();
    });
  }

  #next(): void {
    if (this.#running || this.#ended) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#running = job;
    try {
      const [order, handedOver] = job.make();
      this.#worker.postMessage({ number: job.number, order } satisfies Envelope, handedOver);
    } catch (error) {
      this.#running = undefined;
      job.reject(error);
      this.#next();
    }
  }

  #end(reason: unknown): void {
    this.#ended ??= { reason };
    for (const job of [this.#running, ...this.#waiting.splice(0)]) job?.reject(this.#ended.reason);
    this.#running = undefined;
  }
}

function settle(job: Job, answer: Answer): void {
  if ('given' in answer) job.resolve(answer.given);
  else if ('error' in answer) job.reject(answer.error);
  else {
    const { code, message, mend } = answer;
    job.reject(new NodeError(code, message, mend === undefined ? {} : { mend }));
  }
}

const failed = (how: string, cause?: unknown): NodeError =>
  new NodeError('learning', `the thread of the model ${how}`, { mend: 'Start the role again.', cause });
