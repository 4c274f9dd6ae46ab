// Verifies proofs in batches, in threads of their own. A batch of many costs one pairing a proof; where a
// batch does not hold it is halved until every false claim in it is found.
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Circuit } from '@murmuration/contracts';
import { startSibling } from '@murmuration/core/sibling';
import type { G2Point, VerifyingKey } from '@murmuration/prover';
import { NodeError } from '../../errors.ts';
import type { SentClaim } from './statements.ts';

/** What a thread starts with. */
export interface VerifierStart {
  readonly keys: Readonly<Record<Circuit, VerifyingKey>>;
  readonly tauG2: G2Point;
}

/** A batch to be verified. */
export interface BatchOrder {
  readonly number: number;
  readonly claims: readonly SentClaim[];
}

/** What a batch came to. */
export interface BatchAnswer {
  readonly number: number;
  /** Indices of the claims that are false. */
  readonly wrong: readonly number[];
}

/** Claims of a batch: beyond this many, the parts that all of a batch shares cost nothing any more. */
const batchSize = 256;

/** Settings of a verifier. */
export interface VerifierSettings extends VerifierStart {
  /** Threads; as many as this machine has, and at most two, without it. */
  readonly threads?: number;
}

/** Claims that wait for their verdict together. */
interface Waiting {
  readonly claims: readonly SentClaim[];
  resolve(holds: boolean): void;
  reject(reason: unknown): void;
}

/** Verifies statements; each is answered when its batch was verified. */
export class BatchVerifier {
  readonly #threads: Worker[];
  readonly #batches = new Map<number, readonly Waiting[]>();
  #waiting: Waiting[] = [];
  #next = 0;
  #failure: unknown;

  constructor({ keys, tauG2, threads = Math.min(2, availableParallelism()) }: VerifierSettings) {
    const workerData: VerifierStart = { keys, tauG2 };
    this.#threads = Array.from({ length: threads }, () => {
      const thread = startSibling(import.meta.url, 'verifier.worker', workerData);
      thread.on('message', (answer: BatchAnswer) => this.#settle(answer));
      thread.on('error', (error) => this.#fail(error));
      return thread;
    });
  }

  /** Whether all claims of a statement hold. Call {@link flush} when no more come for a while. */
  verify(claims: readonly SentClaim[]): Promise<boolean> {
    if (this.#failure) return Promise.reject(this.#failure);
    // No claim proves nothing: the contract takes an empty statement for false.
    if (claims.length === 0) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ claims, resolve, reject });
      const many = this.#waiting.reduce((sum, waiting) => sum + waiting.claims.length, 0);
      if (many >= batchSize) this.flush();
    });
  }

  /** Verifies what waits, though the batch is not full. */
  flush(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    const number = this.#next++;
    this.#batches.set(number, batch);
    const order: BatchOrder = { number, claims: batch.flatMap(({ claims }) => claims) };
    this.#threads[number % this.#threads.length]!.postMessage(order);
  }

  /** Ends the threads. What waits is refused. */
  async stop(): Promise<void> {
    this.#fail(new NodeError('interrupted', 'the verification of proofs was stopped'));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #settle({ number, wrong }: BatchAnswer): void {
    const batch = this.#batches.get(number)!;
    this.#batches.delete(number);
    let from = 0;
    for (const { claims, resolve } of batch) {
      const until = from + claims.length;
      resolve(!wrong.some((at) => at >= from && at < until));
      from = until;
    }
  }

  #fail(reason: unknown): void {
    this.#failure ??= reason;
    for (const { reject } of [...this.#waiting, ...[...this.#batches.values()].flat()]) reject(reason);
    this.#waiting = [];
    this.#batches.clear();
  }
}
