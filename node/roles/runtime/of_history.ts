// What a role remembers of what it has announced or sent: true only of the history of the chain on which it did.
import type { Journal, TaskChain } from '../../chain/index.ts';

/**
 * A memory that begins anew where a reorganisation has replaced what was read: a role that went on by it would take for
 * done what the chain has lost.
 */
export class OfHistory<T> {
  readonly #chain: Pick<TaskChain, 'journal'>;
  readonly #make: () => T;
  #known: { readonly journal: Journal; value: T } | undefined;

  /** @param make what is remembered before anything was done. */
  constructor(chain: Pick<TaskChain, 'journal'>, make: () => T) {
    this.#chain = chain;
    this.#make = make;
  }

  get value(): T {
    return this.#here().value;
  }

  set value(value: T) {
    this.#here().value = value;
  }

  #here(): { value: T } {
    const { journal } = this.#chain;
    if (this.#known?.journal !== journal) this.#known = { journal, value: this.#make() };
    return this.#known;
  }
}
