// Pushing tasks on: rounds go no further than somebody pushes them, and no fee is paid for it. What it costs a task's
// prover stays below what the task has brought, and the fees of one round in advance; else members push, some seconds
// after each deadline.
import type { OpenTask, TaskChain } from '../../chain/index.ts';
import type { Notices } from './notices.ts';
import { costOf, type Prices } from './worth.ts';

/** Milliseconds after which a task whose deadline has passed is tried again. */
const pause = 5000;
/** Tasks that are tried in one look, at most. */
const atOnce = 16;

/** What a push is decided by. */
export interface PushTerms {
  readonly prices: Prices;
  /** What a round's sums bring above their own gas, in the token's smallest unit. */
  readonly roundBrings: (task: OpenTask) => bigint;
}

/** The pushes of one account, one after the other. */
export class Pushes {
  readonly #chain: (task: OpenTask) => TaskChain;
  readonly #notices: Notices;
  /** What a task has brought less what pushing it on has cost, in the token's smallest unit. */
  readonly #balance = new Map<bigint, bigint>();
  readonly #tried = new Map<bigint, { readonly logs: number; readonly at: number }>();
  #last: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(chain: (task: OpenTask) => TaskChain, notices: Notices) {
    this.#chain = chain;
    this.#notices = notices;
  }

  /**
   * Whether a task may be due: something has happened in it, or its deadline has passed.
   * @param now seconds, chain time.
   */
  mayBeDue({ task, logs, status, deadline, journal }: OpenTask, now: bigint): boolean {
    if (status === 'open') return false;
    const tried = this.#tried.get(task);
    if (tried?.logs !== logs) return true;
    const ends = status === 'running' ? (journal.rounds.at(-1)?.deadline ?? 0n) : deadline;
    return now > ends && performance.now() - tried.at > pause;
  }

  /** A sum of the task was landed: what is left of its fee pays for pushes. */
  earned(task: bigint, amount: bigint): void {
    const balance = this.#balance.get(task);
    // Before the first push there is only the advance, which this does not add to.
    if (balance !== undefined) this.#balance.set(task, balance + amount);
  }

  forget(task: bigint): void {
    this.#balance.delete(task);
    this.#tried.delete(task);
  }

  /** Begins to push tasks on, unless the last ones are still under way. */
  begin(tasks: readonly OpenTask[], terms: PushTerms, onError: (error: unknown) => void): void {
    if (this.#busy || tasks.length === 0) return;
    this.#busy = true;
    this.#last = this.#all(tasks.slice(0, atOnce), terms)
      .catch(onError)
      .finally(() => {
        this.#busy = false;
      });
  }

  ended(): Promise<void> {
    return this.#last;
  }

  async #all(tasks: readonly OpenTask[], terms: PushTerms): Promise<void> {
    for (const open of tasks) await this.#push(open, terms);
  }

  async #push(open: OpenTask, { prices, roundBrings }: PushTerms): Promise<void> {
    const { task, logs, status, journal } = open;
    this.#tried.set(task, { logs, at: performance.now() });
    const chain = this.#chain(open);
    const gas = await chain.gasToAdvance(status);
    if (gas === undefined) return;
    const cost = costOf(gas, prices);
    const balance = this.#balance.get(task) ?? roundBrings(open);
    if (cost > balance) {
      const round = journal.rounds.at(-1)?.number ?? 0;
      const text = `task ${task} is left to its members to push on: that costs more than its fees bring`;
      return this.#notices.skip({ task, round }, 'push', text);
    }
    if (await chain.advance()) this.#balance.set(task, balance - cost);
  }
}
