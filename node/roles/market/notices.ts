// What a prover of the marketplace says of tasks and sums that it does not take: once, and again only when the reason
// is another.
import type { Address } from 'viem';
import type { Observer, SkipReason } from '../runtime/observer.ts';

/** What a notice is about. */
export interface Skipped {
  readonly task: bigint;
  /** 0 before the first round. */
  readonly round: number;
  /** Where it is about one sum alone. */
  readonly sum?: number;
}

/** The notices of one prover. */
export class Notices {
  readonly #account: Address;
  readonly #observe: Observer;
  /** By task, then by what of it: the reason that was said last. */
  readonly #said = new Map<bigint, Map<string, string>>();

  constructor(account: Address, observe: Observer) {
    this.#account = account;
    this.#observe = observe;
  }

  /** Says that something is skipped, unless that was the last that was said of it. */
  skip({ task, round, sum }: Skipped, reason: SkipReason, text: string): void {
    // A fault is what it says; of every other reason figures differ from look to look, and it is still the same.
    const what = reason === 'fault' ? text : reason;
    const said = this.#of(task);
    const key = sum === undefined ? (reason === 'push' ? reason : ofTask) : `${round}/${sum}`;
    if (said.get(key) === what) return;
    // What was said of sums of rounds that are over is of no use any more.
    if (sum !== undefined)
      for (const old of said.keys()) if (/^\d/.test(old) && !old.startsWith(`${round}/`)) said.delete(old);
    said.set(key, what);
    const account = this.#account;
    this.#observe({ type: 'skipped', account, task, round, ...(sum !== undefined && { sum }), reason, text });
  }

  /** Whether a task is skipped as a whole. */
  skips(task: bigint): boolean {
    return this.#of(task).has(ofTask);
  }

  /** Says that a task that was skipped is taken. */
  take(task: bigint, text: string): void {
    if (this.#of(task).delete(ofTask)) this.#tell(task, 'takes', text);
  }

  follow(task: bigint, text: string): void {
    this.#tell(task, 'follows', text);
  }

  /** Says that a task is over, and forgets what was said of it. */
  leave(task: bigint, text: string): void {
    this.#said.delete(task);
    this.#tell(task, 'leaves', text);
  }

  #tell(task: bigint, what: 'follows' | 'takes' | 'leaves', text: string): void {
    this.#observe({ type: 'task', account: this.#account, task, what, text });
  }

  #of(task: bigint): Map<string, string> {
    const said = this.#said.get(task) ?? new Map<string, string>();
    this.#said.set(task, said);
    return said;
  }
}

/** A task is skipped as a whole, whatever round it is in. */
const ofTask = 'task';
